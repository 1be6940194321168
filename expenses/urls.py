from django.urls import path

from expenses.views import bulk, entry, export, imports, inbox, listing, recurring, suggestion, trash

app_name = "expenses"
urlpatterns = [
    path("", listing.list_expenses, name="list"),
    path("add/", entry.add_entry, name="add"),
    path("suggest/", suggestion.suggest_category, name="suggest"),
    path("several/", bulk.change_several, name="several"),
    path("inbox/", inbox.show_inbox, name="inbox"),
    path("inbox/review/", inbox.review_expense, name="review"),
    path("inbox/undo/", inbox.undo_review, name="undo_review"),
    path("import/", imports.upload_statement, name="import"),
    path("import/<str:batch_id>/", imports.show_import, name="import_batch"),
    path("import/<str:batch_id>/run/", imports.run_import, name="import_run"),
    path("import/<str:batch_id>/undo/", imports.undo_import, name="import_undo"),
    path("import/<str:batch_id>/restore/", imports.restore_import, name="import_restore"),
    path("import/<str:batch_id>/discard/", imports.discard_draft, name="import_discard"),
    path("recurring/", recurring.show_recurring, name="recurring"),
    path("recurring/look/", recurring.look_for_series, name="recurring_look"),
    path("recurring/new/", recurring.new_series, name="series_new"),
    path("recurring/<str:series_id>/", recurring.edit_series, name="series"),
    path("recurring/<str:series_id>/state/", recurring.set_series_state, name="series_state"),
    path("recurring/<str:series_id>/paid/", recurring.pay_series, name="series_paid"),
    path("recurring/<str:series_id>/detach/", recurring.detach_entry, name="series_detach"),
    path("export/", export.export_list, name="export"),
    path("trash/", trash.show_trash, name="trash"),
    path("trash/<str:batch>/restore/", trash.restore_deleted_together, name="restore_batch"),
    path("changes/<str:batch>/undo/", trash.undo_category_change, name="undo"),
    path("<str:expense_id>/edit/", entry.edit_entry, name="edit"),
    path("<str:expense_id>/category/", entry.choose_category, name="category"),
    path("<str:expense_id>/delete/", trash.delete_expense, name="delete"),
    path("<str:expense_id>/restore/", trash.restore_expense, name="restore"),
]
