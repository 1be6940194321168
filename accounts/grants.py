"""What links in emails that grant something presume: the password and the second step of their time.

A link carries their digest and works only while it is the current one. A changed password or second step, however it
came about, and a link that stops a change therefore void everything that is pending, without any list of it.
"""

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

_SALT = "accounts.grants"
# Part of a confirmation's key, which the database keeps in lower case and limits to 64 characters.
DIGEST_LENGTH = 32


def digest(user: User) -> str:
    """A keyed digest of the account's password, second step and last stop, as stored in `user` and the database."""
    steps = Authenticator.objects.filter(user_id=user.pk).values_list("pk", flat=True)
    stopped = user.links_stopped_at.isoformat(timespec="milliseconds") if user.links_stopped_at else ""
    presumed = "|".join((str(user.pk), user.password, stopped, *sorted(map(str, steps))))
    return salted_hmac(_SALT, presumed, algorithm="sha256").hexdigest()[:DIGEST_LENGTH]


def is_current(user: User, known: str) -> bool:
    return constant_time_compare(known, digest(user))


class ResetTokens(PasswordResetTokenGenerator):
    """Makes and checks the tokens of password resets.

    A sign-in doesn't void them, as Django's would be: with a stolen password, somebody could void each of the owner's.
    """

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{user.email}|{digest(user)}|{timestamp}"
