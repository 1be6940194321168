"""Owner or 404, in one place: an object is always looked up through its owner."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from bson import ObjectId
from bson.errors import InvalidId
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from accounts.models import User
from expenses.models import Expense


class UserRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User


def expense_or_404(owner: User, expense_id: str, *, deleted: bool = False) -> Expense:
    """The owner's expense. Another person's id, an unknown one or no id at all are the same 404."""
    try:
        return Expense.objects.get(owner_id=owner.pk, pk=ObjectId(expense_id), deleted_at__isnull=not deleted)
    except (InvalidId, Expense.DoesNotExist):
        raise Http404 from None


def owned_expense(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Sign-in required; the view gets the `Expense` in place of the URL's `expense_id`."""

    @login_required
    @wraps(view)
    def wrapper(request: UserRequest, expense_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, expense_or_404(request.user, expense_id), *args, **kwargs)

    return wrapper
