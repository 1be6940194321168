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
from expenses.rates.admin import RateAdmin

__all__ = ["PersonAdmin", "RateAdmin"]


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
    readonly_fields = ("last_login", "date_joined", "demo_expires_at")
    show_full_result_count = False
    add_fieldsets = ((None, {"fields": ("email", "password1", "password2")}),)
    fieldsets = (
        (None, {"fields": ("email", "password", "first_name", "last_name")}),
        (_("Settings"), {"fields": ("home_currency", "language", "theme", "auto_file_threshold")}),
        (_("Sharing and emails"), {"fields": ("share_feedback", "monthly_summary")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        (_("Times"), {"fields": readonly_fields}),
    )

    def delete_model(self, request: HttpRequest, user: User) -> None:
        delete_people([user])

    def delete_queryset(self, request: HttpRequest, users: QuerySet[User]) -> None:
        delete_people(list(users))
