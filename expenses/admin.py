"""The admin pages for people. They are in this app because deleting a person also deletes their expenses."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm

from accounts.emails import normalise_email
from accounts.models import User
from expenses.people.deletion import delete_people
from expenses.rates.admin import CurrencyInUseAdmin, RateAdmin, YearOfRatesAdmin

__all__ = ["CurrencyInUseAdmin", "PersonAdmin", "RateAdmin", "YearOfRatesAdmin"]


_READ_ONLY = ("last_login", "date_joined", "demo_expires_at")
_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_superuser


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    """Staff change people, and only superusers change staff: whoever sets a password can sign in with it."""
    return _is_superuser(request) or person is None or not (person.is_staff or person.is_superuser)


class NewPersonForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


class PersonForm(UserChangeForm):
    def clean_email(self) -> str:
        return normalise_email(self.cleaned_data["email"])


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("email", "first_name", "last_name", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("is_staff", "is_superuser", "is_active", "date_joined")
    search_fields = ("email", "first_name", "last_name")
    ordering = ("email",)
    show_full_result_count = False
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        (
            _("Settings"),
            {
                "fields": (
                    "home_currency",
                    "language",
                    "week_start",
                    "month_start",
                    "theme",
                    "count_cash",
                    "auto_file_threshold",
                )
            },
        ),
        (_("Sharing and emails"), {"fields": ("share_feedback", "monthly_summary", "reminders", "weekly_insights")}),
        (_("Permissions"), {"fields": ("is_active", *_RIGHTS)}),
        (_("Times"), {"fields": _READ_ONLY}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Only superusers give out rights: others could otherwise give them to themselves."""
        return (*_READ_ONLY, *(() if _is_superuser(request) else _RIGHTS))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def delete_model(self, request: HttpRequest, user: User) -> None:
        delete_people([user])

    def delete_queryset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        delete_people(list(users))
