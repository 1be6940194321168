"""Encrypts the secrets of authenticator apps and recovery codes, so a copy of the database gives nobody a second step.

The keys are derived from SECRET_KEY, which encrypts, and SECRET_KEY_FALLBACKS, which only decrypt.
"""

import base64
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.crypto import salted_hmac

from finbrain.core.past_the_orm import collection

# How encrypted texts begin. The secrets themselves are in base32 or hexadecimal, which have no lower-case g.
_ENCRYPTED = "gAAAA"
# The secret of an authenticator app, and what recovery codes are made from.
_FIELDS = ("secret", "seed")


def _key(secret_key: str) -> Fernet:
    digest = salted_hmac("accounts.second_step_secrets", "", secret=secret_key, algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def encrypt(text: str) -> str:
    """Encrypt a secret with the key of SECRET_KEY."""
    return _key(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(stored: str) -> str:
    """The secret that was stored, which earlier releases did as plain text.

    Raises ImproperlyConfigured if none of the keys encrypted it.
    """
    if not stored.startswith(_ENCRYPTED):
        return stored
    keys = [_key(secret_key) for secret_key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    try:
        return MultiFernet(keys).decrypt(stored.encode()).decode()
    except InvalidToken as error:
        text = "A second step was stored with another SECRET_KEY. Add that key to SECRET_KEY_FALLBACKS."
        raise ImproperlyConfigured(text) from error


def encrypt_all() -> int:
    """Encrypt what isn't encrypted with the key of SECRET_KEY. Returns how many secrets.

    Raises ImproperlyConfigured at the end if some could not be decrypted.
    """
    return _replace_all(lambda stored: stored if _is_current(stored) else encrypt(decrypt(stored)))


def decrypt_all() -> int:
    """Store all secrets as plain text, as releases before encryption read them. Returns how many."""
    return _replace_all(decrypt)


def _is_current(stored: str) -> bool:
    try:
        _key(settings.SECRET_KEY).decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def _replace_all(change: Callable[[str], str]) -> int:
    """Replace each stored secret by what `change` makes of it, unless somebody replaced it in the meantime."""
    rows, replaced, unreadable = collection(Authenticator), 0, None
    for field in _FIELDS:
        name = f"data.{field}"
        for row in rows.find({name: {"$type": "string"}}, {name: 1}):
            stored = row["data"][field]
            try:
                fresh = change(stored)
            except ImproperlyConfigured as error:
                unreadable = error
                continue
            if fresh != stored:
                replaced += rows.update_one({"_id": row["_id"], name: stored}, {"$set": {name: fresh}}).modified_count
    if unreadable:
        raise unreadable
    return replaced
