from django.urls import path

from accounts.views import heartbeat

urlpatterns = [path("heartbeat/", heartbeat, name="heartbeat")]
