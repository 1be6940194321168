"""What FinBrain learned from the person: a page to read, search and unlearn."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from expenses.ledger.suggest_again import unlearn_title
from expenses.listing.learned import learned_page
from expenses.views.access import LedgerRequest, limited, signed_in
from expenses.views.answers import way_back
from finbrain.core.bidi import isolated

_LONGEST = 400


@require_safe
@signed_in
@limited("list")
def show_learned(request: LedgerRequest) -> HttpResponse:
    """Show what was learned, in alphabetical order. q: part of a title. after: the text to continue after."""
    part, after = (request.GET.get(name, "").replace("\0", "")[:_LONGEST] for name in ("q", "after"))
    page = learned_page(request.ledger, part, after)
    more = {"q": part, "after": page.after} if part else {"after": page.after}
    next_url = f"{reverse('expenses:learned')}?{urlencode(more)}" if page.after else ""
    return render(request, "expenses/learned.html", {"rows": page.rows, "q": part, "next_url": next_url})


@require_POST
@signed_in
@limited("write")
def unlearn_text(request: LedgerRequest) -> HttpResponse:
    """Forget `text`, whose latest spelling is `title`. What it filed waits for review again."""
    text, title = (request.POST.get(name, "").replace("\0", "")[:_LONGEST] for name in ("text", "title"))
    count, batch = unlearn_title(request.ledger, text, title)
    if not batch:
        messages.info(request, _("FinBrain had already unlearned it."))
        return redirect("expenses:learned")
    said = _("FinBrain unlearned “%(title)s”.") % {"title": isolated(title)}
    if count:
        waiting = ngettext("%(n)d expense waits for review again.", "%(n)d expenses wait for review again.", count)
        said = f"{said} {waiting % {'n': count}}"
    messages.success(request, said, extra_tags=reverse("expenses:undo", args=[batch]))
    return redirect(way_back(request))
