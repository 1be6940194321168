"""The admin at /admin/: people sign in through allauth, so that rate limits and second factors hold there too."""

from allauth.account.decorators import secure_admin_login
from unfold.sites import UnfoldAdminSite


class FinbrainAdminSite(UnfoldAdminSite):
    login = secure_admin_login(UnfoldAdminSite.login)
