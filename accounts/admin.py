"""Sign-in methods and sessions in the admin, without the secrets that allauth's own pages show."""

from allauth.account.models import EmailConfirmation
from allauth.mfa.base.internal.flows import delete_dangling_recovery_codes
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from accounts.sign_in_methods import Damaged

# The key of a confirmation is the secret of the link in its email.
admin.site.unregister([Authenticator, EmailConfirmation, UserSession])


class LookOrDeleteAdmin(ModelAdmin):
    """Rows to look at and to delete. Only `fields` is shown, so secrets in other columns stay in the database."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Authenticator)
class SignInMethodAdmin(LookOrDeleteAdmin):
    """Deleting a row helps somebody who lost the device of their second step, or whose second step is damaged."""

    list_display = fields = ("user", "type", "works", "created_at", "last_used_at")
    readonly_fields = ("works",)
    list_filter = ("type", "created_at", "last_used_at")

    @admin.display(boolean=True, description=_("Works"))
    def works(self, method: Authenticator) -> bool:
        return not isinstance(method.wrap(), Damaged)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        super().delete_model(request, obj)
        if obj.user:
            delete_dangling_recovery_codes(obj.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Authenticator]) -> None:
        for method in queryset:
            self.delete_model(request, method)


@admin.register(UserSession)
class SessionAdmin(LookOrDeleteAdmin):
    list_display = fields = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    search_fields = ("user__email", "ip")
