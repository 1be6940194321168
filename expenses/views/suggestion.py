"""Suggestions while a person types a title."""

import re
from decimal import Decimal

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from classifier.categories import FALLBACKS, Kind
from classifier.kinds import Direction
from classifier.suggest import Explanation, Suggestion
from classifier.suggest_kinds import KindSuggestion, explain_entry
from classifier.text import normalise
from expenses import money
from expenses.ledger.entries import sure_kind
from expenses.ledger.filing_decisions import KindDecision, next_candidates
from expenses.listing.history import TypedBefore, typed_before
from expenses.listing.kind_reason import suggestion_reason
from expenses.listing.rows import category_name
from expenses.models.limits import TITLE_LENGTH
from expenses.models.rules import Rule
from expenses.models.unsure import is_unsure
from expenses.rules.matching import EntryFacts, first_rule
from expenses.rules.wording import conditions_text
from expenses.views.access import LedgerRequest, limited, signed_in
from finbrain.core.bidi import isolated

_PUNCTUATION = "-–—.,:;!?()[]\"'“”"
_WORDS_SHOWN = 3
_NEAR = 0.5


@require_safe
@signed_in
@limited("suggest")
def calculate_amount(request: LedgerRequest) -> HttpResponse:
    """Calculate an `amount` such as 12+3 in a `currency`, to show beside the field. Empty if it is no such sum."""
    text, home = request.GET.get("amount", ""), request.ledger.home_currency
    chosen = request.GET.get("currency", "")
    default = chosen if chosen in money.KNOWN else home
    try:
        parsed = money.parse_typed_amount(text, default, get_language()) if money.is_sum(text) else None
    except money.AmountError as error:
        return HttpResponse(escape(error))
    amount = money.format_money(parsed.amount, parsed.currency or default, get_language()) if parsed else ""
    return HttpResponse(f"= {escape(amount)}" if amount else "")


@require_safe
@signed_in
@limited("suggest")
def suggest_category(request: LedgerRequest) -> HttpResponse:
    """Suggest a category for `title`, with confidence, reason and alternatives, and similar titles typed before."""
    title = " ".join(request.GET.get("title", "").replace("\x00", "").split())[:TITLE_LENGTH]
    kind, explained = explain_entry(request.ledger.id, (title, Direction.OUT)) if title else (None, None)
    past = typed_before(request.ledger.id, title) if title else TypedBefore([], "")
    threshold = request.ledger.threshold
    context = {"suggestion": _suggestion_context(explained, title, threshold) if explained else None, "past": past}
    context |= {"title": title, "read": _read_amount(title, request.ledger.home_currency, past.currency)}
    rules = tuple(rule for rule in request.ledger.rules if rule.needs_title_only)
    rule = first_rule(rules, EntryFacts(title, Decimal(1))) if title else None
    if rule and rule.files_under:
        context["suggestion"] = _rule_context(rule)
    elif money.without_came_in(title):
        context["suggestion"] = {"category": FALLBACKS[Kind.RECEIVED], "category_name": Kind.RECEIVED.label}
    elif kind and (decision := sure_kind(kind, threshold)):
        context["suggestion"] = _kind_context(kind, decision)
    return render(request, "expenses/_suggestion.html", context)


def _read_amount(title: str, home: str, known: str) -> dict[str, str]:
    """The amount that the title ends or begins with, and its currency, else the one of this title before."""
    language = get_language()
    try:
        found = money.split_title(money.without_came_in(title) or title, known or home, language)
    except money.AmountError:
        found = None
    if found is None:
        return {"amount": "", "currency": known}
    code = found.parsed.currency or known
    return {"amount": re.sub(r"\.0+$", "", f"{found.parsed.amount:f}"), "currency": code}


def _rule_context(rule: Rule) -> dict[str, object]:
    """The template context of a title that a rule files."""
    category = category_name(rule.files_under, get_language() or "en")
    why = _("by your rule: %(rule)s") % {"rule": conditions_text(rule)}
    return {"category": rule.files_under, "category_name": category, "why": why}


def _kind_context(found: KindSuggestion, decision: KindDecision) -> dict[str, object]:
    """The template context of a title that isn't spending."""
    category = decision.category or FALLBACKS[decision.kind]
    return {
        "category": category,
        "category_name": category_name(category, get_language() or "en"),
        "confidence_pct": min(99, round(found.confidence * 100)),
        "unsure": False,
        "why": suggestion_reason(found),
        "alternatives": [],
    }


def _suggestion_context(explained: Explanation, title: str, threshold: float) -> dict[str, object] | None:
    """The template context of a suggestion. None if there is no suggestion."""
    suggestion = explained.suggestion
    if suggestion is None:
        return None
    language = get_language() or "en"
    return {
        "category": suggestion.category,
        "category_name": category_name(suggestion.category, language),
        "confidence_pct": min(99, round(suggestion.confidence * 100)),
        "unsure": is_unsure({"reviewed": False, "confidence": suggestion.confidence}, threshold),
        "why": _reason(explained, suggestion, title),
        "alternatives": [(slug, category_name(slug, language)) for slug in next_candidates(suggestion)],
    }


def _reason(explained: Explanation, suggestion: Suggestion, title: str) -> str:
    """The reason in one line: the most similar own expense if it decided, else the words of the title that did."""
    chosen = suggestion.category
    own = [title for title, category, likeness in explained.neighbours if category == chosen and likeness >= _NEAR]
    if own and suggestion.source == "memory":
        return _("like your “%(title)s”") % {"title": isolated(own[0])}
    parts = words_behind([part for part, weight in explained.ngrams if weight > 0], title)[:_WORDS_SHOWN]
    return _("because of %(parts)s") % {"parts": ", ".join(f"“{isolated(part)}”" for part in parts)} if parts else ""


def words_behind(parts: list[str], title: str) -> list[str]:
    """Find the whole words of a title that contain n-grams (`-tax-`, `taxi home`), each once, in the parts' order."""
    words = {word: normalise(word) for word in title.split()}
    pieces = [piece for part in parts for piece in part.strip("-").split()]
    found = [word.strip(_PUNCTUATION) for piece in pieces for word, plain in words.items() if piece in plain]
    return list(dict.fromkeys(word for word in found if word))
