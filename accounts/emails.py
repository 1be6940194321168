"""Emails in any script (RFC 6531): validation, and the single form in which each is stored."""

import re
import unicodedata
from contextlib import suppress

import idna
from django.core.validators import validate_email

# Of the stored form. Nobody can sign in with a longer one.
LONGEST_EMAIL = 254
# Letters, marks and symbols of every script; no spaces, controls, direction marks, private use or surrogates.
_ANY_SCRIPT = (
    "\u00a1-\u00ac\u00ae-\u061b\u061d-\u167f\u1681-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff01-\uffef\U00010000-\U000e0000\U000e0100-\U000effff"
)
_ATOM = rf"[-!#$%&'*+/=?^_`{{}}|~0-9a-z{_ANY_SCRIPT}]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*\Z", re.IGNORECASE)


def allow_every_script() -> None:
    """Make Django's shared validator accept every script before the @.

    It allows only ASCII there (https://code.djangoproject.com/ticket/27029).
    """
    validate_email.user_regex = _LOCAL_PART


def normalise_email(email: str) -> str:
    """Return the stored form of an email: lower case, NFC, domain in its own script.

    `A@XN--E1AFMKFD.example` becomes `a@пример.example`.
    """
    local, at, domain = unicodedata.normalize("NFC", email.strip()).lower().rpartition("@")
    with suppress(idna.IDNAError):  # an older kind of name, which the validator accepts
        domain = idna.decode(domain, uts46=True)
    return f"{local}{at}{domain}"


def is_ascii_before_the_at(email: str) -> bool:
    return email.rpartition("@")[0].isascii()
