"""Types of requests in views, with what the session and authentication middleware add."""

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from accounts.session.store import SessionStore


class VisitorRequest(HttpRequest):
    """A request by anybody. They are signed in if `isinstance(request.user, User)`."""

    user: User | AnonymousUser
    session: SessionStore


class UserRequest(VisitorRequest):
    """A request by somebody who is signed in."""

    user: User
