from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django_mongodb_backend.fields.ObjectIdAutoField"

    def ready(self) -> None:
        from accounts import attempts, emails, recovery_codes, sign_in_methods
        from accounts.session import preferences, time_zone

        attempts.install_patch()
        emails.allow_every_script()
        recovery_codes.install_patch()
        sign_in_methods.install_patch()
        preferences.connect_signals()
        time_zone.connect_signals()
