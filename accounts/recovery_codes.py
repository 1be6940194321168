"""Patch that makes each recovery code work only once, even in simultaneous requests.

allauth (https://codeberg.org/allauth/django-allauth) relies on `select_for_update`, which does nothing on MongoDB: of
eight simultaneous tries with one code, two to seven were accepted. The test fails once this is fixed upstream.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from finbrain.core.past_the_orm import collection

original_validate_code = RecoveryCodes.validate_code


def patch_recovery_codes() -> None:
    """Install the patch. Calling it again changes nothing."""
    RecoveryCodes.validate_code = _validate_code


def _validate_code(self: RecoveryCodes, code: str) -> bool:
    """Whether the code belongs to the set and is unused. Marks it as used."""
    for position, known in enumerate(self.generate_codes()):
        if compare_user_code(actual=code, expected=known):
            return _mark_used(self, position)
    return False


def _mark_used(codes: RecoveryCodes, position: int) -> bool:
    """Set the code's bit in one database operation; False if it was already set."""
    rows = collection(Authenticator)
    unused = {"_id": codes.instance.pk, "data.used_mask": {"$bitsAllClear": [position]}}
    change = {"$bit": {"data.used_mask": {"or": 1 << position}}}
    changed = rows.update_one(unused, change).modified_count == 1
    codes.instance.refresh_from_db(fields=["data"])
    return changed
