"""allauth's sign-up and password reset pages, made safe against simultaneous requests.

On MongoDB `transaction.atomic` and `select_for_update` do nothing, so a single database operation decides who wins.
"""

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal import flows
from allauth.account.views import PasswordResetFromKeyView, SignupView
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts.models import User


class OneAccountPerAddress(SignupView):
    def form_valid(self, form) -> HttpResponse:
        """Create the account. A simultaneous second sign-up gets the usual answer for an email that has an account."""
        try:
            return super().form_valid(form)
        except IntegrityError:
            if app_settings.EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY:
                return flows.signup.prevent_enumeration(self.request, email=form.cleaned_data["email"])
            form.add_error("email", get_adapter().validation_error("email_taken"))
            return self.form_invalid(form)


@method_decorator(never_cache, name="dispatch")
class OneResetPerLink(PasswordResetFromKeyView):
    def form_valid(self, form) -> HttpResponse:
        """Set the password only if the hash for which the link was made is still the current one."""
        before = form.user.password
        form.user.password = make_password(form.cleaned_data["password1"])
        if not User.objects.filter(pk=form.user.pk, password=before).update(password=form.user.password):
            return self.render_to_response(self.get_context_data(token_fail=True))
        response = flows.password_reset.finalize_password_reset(self.request, form.user)
        return response or super(PasswordResetFromKeyView, self).form_valid(form)


sign_up = OneAccountPerAddress.as_view()
reset_password = OneResetPerLink.as_view()
