"""allauth's pages for sign-up, confirming an email and password resets, made safe and silent.

Safe against simultaneous requests: on MongoDB `transaction.atomic` and `select_for_update` do nothing, so a single
database operation decides who wins. Silent about who has an account: what depends on it happens after the answer.
"""

from functools import partial
from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.account.views import ConfirmEmailView, PasswordResetFromKeyView, PasswordResetView, SignupView
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from accounts import grants, second_step
from accounts.afterwards import later
from accounts.models import User
from accounts.password_resets import send_reset
from accounts.sign_up import begin_sign_in, create_or_tell
from accounts.unproven import is_mandatory


class _OneAccountPerAddress(SignupView):
    def form_valid(self, form) -> HttpResponse:
        """Create the account. Where emails are verified, the answer is the same whether or not there is one already."""
        if is_mandatory():
            user = cast("User", get_adapter().save_user(self.request, User(), form, commit=False))
            begin_sign_in(self.request, user)
            later(self.request, partial(create_or_tell, self.request, user))
            return redirect("account_email_verification_sent")
        try:
            return super().form_valid(form)
        except IntegrityError:  # a simultaneous second sign-up
            form.add_error("email", get_adapter().validation_error("email_taken"))
            return self.form_invalid(form)


@method_decorator(never_cache, name="dispatch")
class _CurrentConfirmation(ConfirmEmailView):
    def get_object(self, queryset=None) -> EmailConfirmation:
        """The confirmation with the key in the URL, unless the password has changed since the email was sent."""
        found = cast("EmailConfirmation", super().get_object(queryset))
        if not grants.is_current(found.email_address.user, found.key[-grants.DIGEST_LENGTH :]):
            raise Http404
        return found


class _SilentReset(PasswordResetView):
    def form_valid(self, form) -> HttpResponse:
        """Answer the same for every email, also when there were too many requests: then none is sent."""
        later(self.request, partial(send_reset, self.request, form.cleaned_data["email"]))
        return super(PasswordResetView, self).form_valid(form)


@method_decorator(never_cache, name="dispatch")
class _OneResetPerLink(PasswordResetFromKeyView):
    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return self._ask_second_step() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        return self._ask_second_step() or super().post(request, *args, **kwargs)

    def _ask_second_step(self) -> HttpResponse | None:
        user = cast("User", self.reset_user)
        return second_step.ask(self.request, user) if second_step.is_step_missing(self.request, user) else None

    def form_valid(self, form) -> HttpResponse:
        """Set the password only if the hash for which the link was made is still the current one.

        The link has proved the email, so it counts from now on.
        """
        before = form.user.password
        form.user.password = make_password(form.cleaned_data["password1"])
        if not User.objects.filter(pk=form.user.pk, password=before).update(password=form.user.password):
            return self.render_to_response(self.get_context_data(token_fail=True))
        proved = {"verified": True, "primary": True}
        EmailAddress.objects.update_or_create(user_id=form.user.pk, email=form.user.email, defaults=proved)
        response = flows.password_reset.finalize_password_reset(self.request, form.user)
        return response or super(PasswordResetFromKeyView, self).form_valid(form)


sign_up = _OneAccountPerAddress.as_view()
confirm_email = _CurrentConfirmation.as_view()
ask_for_reset = _SilentReset.as_view()
reset_password = _OneResetPerLink.as_view()
