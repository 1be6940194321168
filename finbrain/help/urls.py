from django.urls import path

from finbrain.help.views import show_page

app_name = "help"
urlpatterns = [
    path("", show_page, name="index"),
    path("<slug:name>/", show_page, name="page"),
]
