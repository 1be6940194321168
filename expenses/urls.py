from django.urls import path

from expenses.views import bulk, entry, export, imports, inbox, learned, listing, rules, suggestion, trash, twins

app_name = "expenses"
urlpatterns = [
    path("", listing.list_expenses, name="list"),
    path("add/", entry.add_entry, name="add"),
    path("suggest/", suggestion.suggest_category, name="suggest"),
    path("calculate/", suggestion.calculate_amount, name="calculate"),
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
    path("rules/", rules.show_rules, name="rules"),
    path("rules/new/", rules.new_rule, name="new_rule"),
    path("rules/changes/<str:batch>/undo/", rules.undo_filing, name="undo_rule"),
    path("rules/<str:rule_id>/", rules.edit_rule, name="rule"),
    path("rules/<str:rule_id>/change/", rules.change_rule, name="change_rule"),
    path("rules/<str:rule_id>/restore/", rules.restore_rule, name="restore_rule"),
    path("export/", export.export_list, name="export"),
    path("trash/", trash.show_trash, name="trash"),
    path("trash/<str:batch>/restore/", trash.restore_deleted_together, name="restore_batch"),
    path("changes/<str:batch>/undo/", trash.undo_category_change, name="undo"),
    path("changes/<str:batch>/twins/", twins.file_twins, name="twins"),
    path("learned/", learned.show_learned, name="learned"),
    path("learned/unlearn/", learned.unlearn_text, name="unlearn"),
    path("<str:expense_id>/edit/", entry.edit_entry, name="edit"),
    path("<str:expense_id>/always/", rules.always, name="always"),
    path("<str:expense_id>/category/", entry.choose_category, name="category"),
    path("<str:expense_id>/delete/", trash.delete_expense, name="delete"),
    path("<str:expense_id>/restore/", trash.restore_expense, name="restore"),
]
