"""The errors of allauth's forms in FinBrain's words, by allauth's names."""

from django.utils.translation import gettext_lazy as _

_WRONG_LINK = _("This link doesn't work any more. Ask for a new one.")
_WRONG_PAIR = _("The email and password don't match. Check both, or choose a new password.")
_TAKEN = _("There is already an account with this email. Sign in to it, or use another email.")
_WRONG_CODE = _("This code is wrong or has expired. Enter the latest one.")

ACCOUNT_ERRORS = {
    "account_inactive": _("This account is inactive. Ask the operator of this FinBrain to reactivate it."),
    "duplicate_email": _("This is already your email."),
    "email_password_mismatch": _WRONG_PAIR,
    "email_taken": _TAKEN,
    "enter_current_password": _("This isn't your current password. Try again."),
    "incorrect_code": _WRONG_CODE,
    "incorrect_password": _("This isn't your password. Try again."),
    "invalid_login": _WRONG_PAIR,
    "invalid_or_expired_key": _WRONG_LINK,
    "invalid_password_reset": _WRONG_LINK,
    "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
    "same_as_current": _("This is the same as before. Enter something different."),
    "too_many_login_attempts": _("Too many attempts. Wait a few minutes, then try again."),
    "unknown_email": _("There is no account with this email. Check it, or create an account."),
    "unverified_primary_email": _("Confirm your email first. The link is in the email that we sent you."),
}
SECOND_STEP_ERRORS = {
    "add_email_blocked": _("Turn off the second step before you add an email."),
    "cannot_delete_authenticator": _("The second step can't be turned off here."),
    "cannot_generate_recovery_codes": _("Recovery codes are for the second step. Turn on a second step first."),
    "incorrect_code": _WRONG_CODE,
    "unverified_email": _("Confirm your email before you turn on a second step."),
}
DIFFERENT_PASSWORDS = _("The passwords are different. Type the same one twice.")
