"""Requests as views see them, with what the middleware of sessions and authentication gave them."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from accounts.session.store import SessionStore


class VisitorRequest(HttpRequest):
    """A request of anybody. `isinstance(request.user, User)` says whether they are signed in."""

    user: User | AnonymousUser
    session: SessionStore


class UserRequest(VisitorRequest):
    """A request of somebody who is signed in."""

    user: User
