"""The admin at /admin/: people sign in through allauth, so that rate limits and second factors hold there too."""

from allauth.account.decorators import secure_admin_login
from django.contrib.admin.apps import AdminConfig
from unfold.sites import UnfoldAdminSite

from finbrain.apps import OBJECT_ID


class FinbrainAdminSite(UnfoldAdminSite):
    login = secure_admin_login(UnfoldAdminSite.login)


class FinbrainAdminConfig(AdminConfig):
    default_site = "finbrain.admin_site.FinbrainAdminSite"
    default_auto_field = OBJECT_ID
