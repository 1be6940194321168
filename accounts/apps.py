from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django_mongodb_backend.fields.ObjectIdAutoField"

    def ready(self) -> None:
        from accounts import emails, preferences, recovery_codes

        emails.allow_every_script()
        recovery_codes.install()
        preferences.connect()
