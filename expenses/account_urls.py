"""What stands under /accounts/ but spans apps."""

from django.urls import path

from expenses.views import demo

urlpatterns = [
    path("demo/", demo.demo, name="demo"),
    path("demo/keep/", demo.keep, name="demo_keep"),
]
