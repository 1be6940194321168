"""An email counts only once its link was opened: until then it keeps nobody else from using it."""

from allauth.account import app_settings
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.models import EmailAddress

from accounts.models import User


def is_mandatory() -> bool:
    """Whether nobody can sign in before they have opened the link in the email."""
    return app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY


def is_free(email: str) -> bool:
    """Whether no account has the email, or only one that nobody has ever opened."""
    user = User.objects.filter(email=email).first()
    return user is None or _is_unproven(user)


def free_address(email: str) -> None:
    """Delete the account of a sign-up that was never confirmed, because somebody else has proved the email theirs."""
    user = User.objects.filter(email=email).first()
    if user and _is_unproven(user):
        user.delete()


def _is_unproven(user: User) -> bool:
    """Whether nobody has signed in to the account or proved its email. So there is nothing in it."""
    addresses = EmailAddress.objects.filter(user_id=user.pk)
    return is_mandatory() and user.last_login is None and {one.verified for one in addresses} == {False}
