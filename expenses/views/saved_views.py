"""The views of the dashboard that a person saved. They belong to the person, not to the ledger."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from expenses.dashboard import saved
from expenses.dashboard.dashboard_query import parse_dashboard_query
from expenses.models.saved_views import MOST, NAME_LENGTH, SavedView, read_views
from expenses.views.access import LedgerRequest, limited, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@limited("settings")
def saved_views(request: LedgerRequest) -> HttpResponse:
    """Show the saved views, or save one: `name`, `query` (URL parameters of the dashboard) and `preset`."""
    views, today = read_views(request.user.saved_views), timezone.localdate()
    if request.method != "POST":
        links = [saved.view_link(view, reverse("dashboard"), today) for view in views]
        return render(request, "expenses/saved_views.html", {"views": links, "name_length": NAME_LENGTH})
    name, query = _name_in(request), parse_dashboard_query(QueryDict(request.POST.get("query", "")), today)
    view = saved.view_of(query, name, request.POST.get("preset", ""), today)
    changed = saved.with_view(views, view) if name else None
    if changed:
        _save(request, changed)
        messages.success(request, _("View saved"))
    elif name:
        messages.error(request, _("You can save %(n)d views. Delete one first.") % {"n": MOST})
    else:
        messages.error(request, _("Give the view a name."))
    return redirect(f"{reverse('dashboard')}?{query.text()}")


@require_POST
@signed_in
@limited("settings")
def change_saved_view(request: LedgerRequest, view_id: str) -> HttpResponse:
    """Rename a view, make it the start page or not, or delete it: `action`."""
    views = read_views(request.user.saved_views)
    view = next((each for each in views if each.id == view_id), None)
    if view is None:
        raise Http404
    action: Any = {"rename": _rename, "start": _start, "delete": _delete}.get(request.POST.get("action", ""))
    if action:
        action(request, views, view)
    return redirect("saved_views")


def _name_in(request: LedgerRequest) -> str:
    return " ".join(request.POST.get("name", "").replace("\x00", "").split())[:NAME_LENGTH]


def _save(request: LedgerRequest, views: saved.Views) -> None:
    request.user.saved_views = [view.to_stored() for view in views]
    request.user.save(update_fields=["saved_views"])


def _rename(request: LedgerRequest, views: saved.Views, view: SavedView) -> None:
    name = _name_in(request)
    changed = saved.renamed(views, view.id, name) if name else None
    if changed:
        _save(request, changed)
        messages.success(request, _("View renamed"))
    elif name:
        messages.error(request, _("Another view has this name. Choose a different one."))
    else:
        messages.error(request, _("Give the view a name."))


def _start(request: LedgerRequest, views: saved.Views, view: SavedView) -> None:
    _save(request, saved.started(views, view.id))
    text = _("FinBrain opens with this month again") if view.start else _("FinBrain now opens with this view")
    messages.success(request, text)


def _delete(request: LedgerRequest, views: saved.Views, view: SavedView) -> None:
    _save(request, saved.without_view(views, view.id))
    messages.success(request, _("View deleted"))
