from django.urls import path

from expenses.views import bulk, entry, export, imports, inbox, listing, suggestion, trash

app_name = "expenses"
urlpatterns = [
    path("", listing.list_expenses, name="list"),
    path("add/", entry.add, name="add"),
    path("suggest/", suggestion.suggest_category, name="suggest"),
    path("several/", bulk.change_several, name="several"),
    path("inbox/", inbox.show_inbox, name="inbox"),
    path("inbox/review/", inbox.review, name="review"),
    path("inbox/undo/", inbox.undo_review, name="undo_review"),
    path("import/", imports.hand_in, name="import"),
    path("import/<str:batch_id>/", imports.show_import, name="import_batch"),
    path("import/<str:batch_id>/run/", imports.run, name="import_run"),
    path("import/<str:batch_id>/undo/", imports.take_back, name="import_undo"),
    path("import/<str:batch_id>/restore/", imports.bring_back, name="import_restore"),
    path("import/<str:batch_id>/discard/", imports.discard, name="import_discard"),
    path("export/", export.export, name="export"),
    path("trash/", trash.show_trash, name="trash"),
    path("trash/<str:batch>/restore/", trash.restore_together, name="restore_batch"),
    path("changes/<str:batch>/undo/", trash.undo, name="undo"),
    path("<str:expense_id>/edit/", entry.edit, name="edit"),
    path("<str:expense_id>/category/", entry.choose_category, name="category"),
    path("<str:expense_id>/delete/", trash.delete, name="delete"),
    path("<str:expense_id>/restore/", trash.restore, name="restore"),
]
