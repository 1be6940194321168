"""All URLs of the site except /healthz, /readyz and /metrics (middleware/probes.py). See docs/urls.md."""

from allauth.mfa.webauthn import views as webauthn
from django.contrib import admin
from django.urls import include, path, register_converter

from expenses.views.dashboard import dashboard
from expenses.views.home import home
from expenses.views.saved_views import change_saved_view, saved_views


class ObjectIdConverter:
    """URL converter for ObjectId keys, because allauth's URLs only accept integers."""

    regex = "[0-9a-f]{24}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: object) -> str:
        return str(value)


register_converter(ObjectIdConverter, "object_id")
handler400 = "finbrain.error_pages.bad_request"
handler403 = "finbrain.error_pages.permission_denied"
handler404 = "finbrain.error_pages.page_not_found"
handler500 = "finbrain.outage.handle_error"

urlpatterns = [
    path("", home, name="home"),
    path("accounts/2fa/webauthn/keys/<object_id:pk>/remove/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("accounts/2fa/webauthn/keys/<object_id:pk>/edit/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("expenses.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("expenses/", include("expenses.urls")),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/views/", saved_views, name="saved_views"),
    path("dashboard/views/<str:view_id>/", change_saved_view, name="saved_view"),
    path("help/", include("finbrain.help.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
