from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClassifierConfig(AppConfig):
    name = "classifier"
    verbose_name = _("Classifier")
    default_auto_field = "django_mongodb_backend.fields.ObjectIdAutoField"
