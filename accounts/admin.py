"""Sign-in methods and sessions in the admin, without the secrets that allauth's own pages show."""

from typing import Any, cast

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

# The key of a confirmation is the secret of the link in its email.
admin.site.unregister([Authenticator, EmailConfirmation, UserSession])


def name_of(method: Authenticator) -> str:
    """The name of a passkey, and else the type. allauth fails on a passkey whose data is damaged."""
    name = method.data.get("name") if isinstance(method.data, dict) else ""
    return name if isinstance(name, str) and name else str(cast(Any, method).get_type_display())


Authenticator.add_to_class("__str__", name_of)


class ReadOnlyAdmin(ModelAdmin):
    """Rows to look at and to delete. Only `fields` is shown, so secrets in other columns stay in the database."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Authenticator)
class SignInMethodAdmin(ReadOnlyAdmin):
    """Deleting a row helps somebody who lost the device of their second step."""

    list_display = fields = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type", "created_at", "last_used_at")


@admin.register(UserSession)
class SessionAdmin(ReadOnlyAdmin):
    list_display = fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("user__email", "ip")
