"""URLs under /accounts/settings/categories/."""

from django.urls import path

from expenses.categories import pages

app_name = "categories"
urlpatterns = [
    path("", pages.show_categories, name="list"),
    path("proposals/", pages.answer_proposal, name="propose"),
    path("<str:category>/", pages.edit_category, name="edit"),
    path("<str:category>/move/", pages.move, name="move"),
    path("<str:category>/merge/", pages.merge, name="merge"),
    path("<str:category>/restore/", pages.restore_merged, name="restore"),
]
