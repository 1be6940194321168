from django.urls import path

from expenses.views import entry, listing, suggestion, trash

app_name = "expenses"
urlpatterns = [
    path("", listing.list_expenses, name="list"),
    path("add/", entry.add, name="add"),
    path("suggest/", suggestion.suggest_category, name="suggest"),
    path("trash/", trash.show_trash, name="trash"),
    path("<str:expense_id>/edit/", entry.edit, name="edit"),
    path("<str:expense_id>/category/", entry.choose_category, name="category"),
    path("<str:expense_id>/delete/", trash.delete, name="delete"),
    path("<str:expense_id>/restore/", trash.restore, name="restore"),
]
