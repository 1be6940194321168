from django.urls import path

from expenses.views.dashboard import dashboard

urlpatterns = [path("", dashboard, name="dashboard")]
