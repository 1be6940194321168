from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django_mongodb_backend.fields.ObjectIdAutoField"

    def ready(self) -> None:
        from accounts import attempts, emails, recovery_codes, sign_in_methods
        from accounts.session import preferences, signed_in_devices, time_zone

        attempts.patch_attempts()
        emails.allow_every_script()
        recovery_codes.patch_recovery_codes()
        sign_in_methods.patch_sign_in_methods()
        preferences.connect_preferences()
        signed_in_devices.leave_rows_to_last_use()
        time_zone.connect_time_zone()
