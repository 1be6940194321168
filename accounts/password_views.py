"""The strength meter beside password fields."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.passwords import LONGEST, TOO_LONG, Strength, personal_words, strength


@never_cache
@require_POST
@sensitive_post_parameters("password")
def password_strength(request: HttpRequest) -> HttpResponse:
    """Render the meter for the posted `password`, judged with `first_name`, `last_name` and `email` where given."""
    if not ratelimit.consume(request, action="password_strength"):
        return ratelimit.respond_429(request)
    password = request.POST.get("password", "")
    typed = User(**{name: request.POST.get(name, "")[:254] for name in ("first_name", "last_name", "email")})
    personal = personal_words(request.user) + personal_words(typed)
    found = Strength(0, str(TOO_LONG)) if len(password) > LONGEST else strength(password, personal)
    return render(request, "account/_strength.html", {"strength": found, "is_empty": not password})
