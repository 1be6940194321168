"""E-mail addresses in any script: which are allowed (RFC 6531), and the one form in which each is stored."""

import re
import unicodedata
from contextlib import suppress

import idna
from django.core.validators import validate_email

# Letters, marks and signs of every script; no blanks, controls, direction marks, private use or half characters.
_ANY_SCRIPT = (
    "\u00a1-\u00ac\u00ae-\u061b\u061d-\u167f\u1681-\u180d\u180f-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff01-\uffef\U00010000-\U000e0000\U000e0100-\U000effff"
)
_ATOM = rf"[-!#$%&'*+/=?^_`{{}}|~0-9a-z{_ANY_SCRIPT}]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*\Z", re.IGNORECASE)


def allow_every_script() -> None:
    """Django's validator, which everybody shares, takes ASCII only before the @ (https://code.djangoproject.com/ticket/27029)."""
    validate_email.user_regex = _LOCAL_PART


def normalise_email(email: str) -> str:
    """Lower case, composed characters, the domain in its own script: `A@XN--E1AFMKFD.example` is `a@пример.example`."""
    local, at, domain = unicodedata.normalize("NFC", email.strip()).lower().rpartition("@")
    with suppress(idna.IDNAError):  # of a laxer kind: the validator has seen it
        domain = idna.decode(domain, uts46=True)
    return f"{local}{at}{domain}"


def is_ascii_before_the_at(email: str) -> bool:
    return email.rpartition("@")[0].isascii()
