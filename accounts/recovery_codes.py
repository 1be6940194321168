"""A recovery code counts once, however many try it at the same moment.

allauth (https://codeberg.org/allauth/django-allauth) relies on `select_for_update`, which does nothing on MongoDB: one
code was accepted two to seven times in eight tries at once. The test fails when that is mended upstream.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from finbrain.core.collections import collection

original_validate_code = RecoveryCodes.validate_code


def install_patch() -> None:
    """Put the patch in place; doing it twice changes nothing."""
    RecoveryCodes.validate_code = validate_code


def validate_code(self: RecoveryCodes, code: str) -> bool:
    """Whether the code is one of the set and was not used yet; from now on it is."""
    for position, known in enumerate(self.generate_codes()):
        if compare_user_code(actual=code, expected=known):
            return _mark_used(self, position)
    return False


def _mark_used(codes: RecoveryCodes, position: int) -> bool:
    """Test and set the code's bit in one operation of the database; False when it was set already."""
    rows = collection(Authenticator)
    unused = {"_id": codes.instance.pk, "data.used_mask": {"$bitsAllClear": [position]}}
    change = {"$bit": {"data.used_mask": {"or": 1 << position}}}
    changed = rows.update_one(unused, change).modified_count == 1
    codes.instance.refresh_from_db(fields=["data"])
    return changed
