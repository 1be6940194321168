"""Configures Django's own apps with ObjectId keys, and the project's app, which patches the MongoDB backend."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth.apps import AuthConfig
from django.contrib.contenttypes.apps import ContentTypesConfig

OBJECT_ID = "django_mongodb_backend.fields.ObjectIdAutoField"


class FinbrainConfig(AppConfig):
    name = "finbrain"
    verbose_name = "FinBrain"
    default_auto_field = OBJECT_ID

    def ready(self) -> None:
        from pymongo import monitoring

        from finbrain import form_words
        from finbrain.core import mongodb_patches as mongo
        from finbrain.core import usage

        form_words.say_in_our_words()
        mongo.install_patches()
        monitoring.register(usage.DatabaseListener())


class MongoAdminConfig(AdminConfig):
    default_site = "finbrain.admin_site.FinbrainAdminSite"
    default_auto_field = OBJECT_ID


class MongoAuthConfig(AuthConfig):
    default_auto_field = OBJECT_ID


class MongoContentTypesConfig(ContentTypesConfig):
    default_auto_field = OBJECT_ID
