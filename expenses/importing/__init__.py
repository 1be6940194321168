"""Importing a statement: from the uploaded file to expenses, and undoing it.

`upload_handler` receives the file, and `drafts` stores what `expenses.statements` reads from it, packed by `packing`;
`workbooks` reads long workbooks in steps. `choices`
holds how to read it, `kept_mappings` remembers that for the next file of its shape, and `questions` asks what is
undecided. `plan` sorts the rows into those imported before (`fingerprints`), possible duplicates of existing expenses
(`duplicates`), and new ones. `file_categories` proposes what the file's own categories mean. `edits` holds which rows
are ticked or mended. `preview` shows them with the categories of `suggestions`. `writing` stores them in steps, `undo`
undoes the import in steps, and `past` lists earlier imports.
"""
