"""The settings page and the download of all data."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.forms import ModelForm
from django.http import FileResponse, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import ProfileForm
from accounts.models import User
from accounts.session import preferences
from accounts.session.signed_in_devices import count_devices
from accounts.session.time_zone import zone_of_device
from classifier import hindsight
from expenses.emails.all_kinds import MARKS, begin
from expenses.forms.emails import EmailForm
from expenses.forms.settings import HIGHEST, LOWEST, CashForm, FilingForm, PreferencesForm
from expenses.models.ledger import Ledger
from expenses.people.download import write_archive
from expenses.people.ledger_settings import SETTINGS, save_settings, stored_settings
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.numbers import whole_number

SECTIONS: Mapping[str, type[ModelForm]] = {
    "profile": ProfileForm,
    "preferences": PreferencesForm,
    "filing": FilingForm,
    "cash": CashForm,
    "emails": EmailForm,
}
ALSO_SAVED = {"filing": ("auto_file_threshold",), "emails": (*MARKS, "time_zone")}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def account_settings(request: LedgerRequest) -> HttpResponse:
    """Show all settings, or save those of `section`. js/settings.js wants the outcome as JSON."""
    bound: ModelForm | None = None
    section = request.POST.get("section", "")
    if request.method == "POST":
        if section not in SECTIONS:
            return HttpResponseBadRequest()
        person, stored = User.objects.get(pk=request.user.pk), stored_settings(request.ledger)
        bound = SECTIONS[section](request.POST, instance=person, initial=stored)
        if bound.is_valid():
            return _save_section(request, section, bound)
        if _wants_json(request):
            return JsonResponse({"changed": [], "errors": {name: said[0] for name, said in bound.errors.items()}})
    stored = stored_settings(request.ledger)
    forms = {name: form(instance=request.user, initial=stored) for name, form in SECTIONS.items()}
    if bound:
        forms[section] = bound
    context = {"forms": forms, **_security_facts(request.user), **_outcome_context(request.ledger, forms["filing"])}
    return render(request, "people/settings.html", context, status=422 if bound else 200)


def _save_section(request: LedgerRequest, section: str, form: ModelForm) -> HttpResponse:
    """Save only the section's fields, because another tab may be saving another section.

    Those of the ledger are saved with the ledger, all others with the person.
    """
    user = form.instance
    if section == "emails":
        begin(user, form.changed_data, timezone.localdate())
        user.time_zone = zone_of_device(request) or user.time_zone
    fields = {*(form._meta.fields or ()), *ALSO_SAVED.get(section, ())}
    save_settings(request.ledger, {name: getattr(user, name) for name in fields.intersection(SETTINGS)})
    user.save(update_fields=fields.difference(SETTINGS))
    response = _saved_answer(request, section, form.changed_data)
    if section == "preferences":
        preferences.remember_choices(response, user)
        if not user.language:
            preferences.forget_language(response)
        translation.activate(user.language or translation.get_language_from_request(request))
    return response


def _wants_json(request: LedgerRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _saved_answer(request: LedgerRequest, section: str, changed: list[str]) -> HttpResponse:
    """Name the changed fields, and whether the page must be loaded again to look as they say; or redirect to it."""
    if _wants_json(request):
        return JsonResponse({"changed": changed, "errors": {}, "reload": not {"language", "theme"}.isdisjoint(changed)})
    messages.success(request, _("Saved."))
    return redirect(f"{reverse('account_settings')}#{section}")


class SecurityFacts(TypedDict):
    """How the account is protected. has_totp: whether it has a second step. is_verified: whether its email is."""

    has_totp: bool
    passkey_count: int
    session_count: int
    is_verified: bool


class OutcomeShares(TypedDict):
    """What a threshold would have filed of `count` expenses. filed, wrong: in percent."""

    filed: int
    wrong: int
    count: int


class ThresholdContext(TypedDict):
    """The context of `people/_threshold.html`. outcome: None if there are fewer than `fewest` expenses."""

    percent: int
    outcome: OutcomeShares | None
    fewest: NotRequired[int]


def _security_facts(user: User) -> SecurityFacts:
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    return {
        "has_totp": Authenticator.Type.TOTP in kinds,
        "passkey_count": kinds.count(Authenticator.Type.WEBAUTHN),
        "session_count": max(count_devices(user.pk), 1),
        "is_verified": EmailAddress.objects.filter(user_id=user.pk, email=user.email, verified=True).exists(),
    }


def _outcome_context(ledger: Ledger, form: ModelForm) -> ThresholdContext:
    typed = whole_number(str(form["threshold"].value()), LOWEST, HIGHEST)
    return _threshold_context(ledger, typed or round(ledger.threshold * 100))


def _threshold_context(ledger: Ledger, percent: int) -> ThresholdContext:
    found = hindsight.outcome(hindsight.own_samples(ledger.id), percent / 100)
    if found is None:
        return {"percent": percent, "outcome": None, "fewest": hindsight.FEWEST}
    shares: OutcomeShares = {"filed": round(found.filed * 100), "wrong": round(found.wrong * 100), "count": found.count}
    return {"percent": percent, "outcome": shares}


@never_cache
@require_safe
@signed_in
@limited("settings")
def show_threshold_outcome(request: LedgerRequest) -> HttpResponse:
    """Show, as a fragment, what `threshold` percent would have filed of the person's reviewed expenses."""
    percent = whole_number(request.GET.get("threshold", ""), LOWEST, HIGHEST)
    if percent is None:
        return HttpResponseBadRequest()
    return render(request, "people/_threshold.html", _threshold_context(request.ledger, percent))


@never_cache
@require_POST
@signed_in
@limited("download")
def download_everything(request: LedgerRequest) -> HttpResponseBase:
    """Download all data of the person as a ZIP file."""
    name = f"finbrain-{timezone.localdate():%Y-%m-%d}.zip"
    return FileResponse(write_archive(request.user), as_attachment=True, filename=name)
