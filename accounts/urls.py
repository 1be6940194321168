"""Account URLs. They come before allauth's, some of which they replace."""

from django.urls import path, re_path

from accounts import email_views, entrance, second_step, sign_in_method_views
from accounts.password_views import password_strength
from accounts.session.heartbeat import heartbeat

urlpatterns = [
    path("heartbeat/", heartbeat, name="heartbeat"),
    path("signup/", entrance.sign_up, name="account_signup"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", entrance.confirm_email, name="account_confirm_email"),
    path("password/reset/", entrance.ask_for_reset, name="account_reset_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        entrance.reset_password,
        name="account_reset_password_from_key",
    ),
    path("password/strength/", password_strength, name="password_strength"),
    path("email/", email_views.change_email, name="account_email"),
    path("email/confirm/<str:token>/", email_views.confirm_change, name="account_confirm_change"),
    path("email/stop/<str:token>/", email_views.stop_change, name="account_stop"),
    path("2fa/", sign_in_method_views.second_steps, name="mfa_index"),
    path("2fa/damaged/", sign_in_method_views.remove_damaged, name="mfa_remove_damaged"),
    path("second-step/", second_step.ask_second_step, name="account_second_step"),
]
