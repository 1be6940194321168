"""URLs under /accounts/ whose pages span apps."""

from django.urls import include, path

from expenses.views import demo, insights, leaving, own_rates, settings

urlpatterns = [
    path("demo/", demo.start_demo_session, name="demo"),
    path("demo/keep/", demo.keep_demo_account, name="demo_keep"),
    path("demo/confirm/<str:token>/", demo.confirm_demo, name="demo_confirm"),
    path("settings/", settings.account_settings, name="account_settings"),
    path("settings/threshold/", settings.show_threshold_outcome, name="account_threshold"),
    path("settings/rates/", own_rates.own_rates, name="own_rates"),
    path("settings/rates/export/", own_rates.export_own_rates, name="own_rates_export"),
    path("settings/categories/", include("expenses.categories.urls")),
    path("download/", settings.download_everything, name="account_download"),
    path("delete/", leaving.delete_account, name="account_delete"),
    path("emails/unsubscribe/<str:token>/", leaving.unsubscribe, name="email_unsubscribe"),
    path("emails/answer/<str:token>/", insights.answer_question, name="email_answer"),
    # In the emails of releases that only had summaries.
    path("summary/unsubscribe/<str:token>/", leaving.unsubscribe, name="summary_unsubscribe"),
]
