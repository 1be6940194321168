"""What becomes of a statement: from an upload to expenses, and back.

`upload` receives the file, `drafts` keeps what `expenses.statements` reads from it, packed by `packing`; `choices` says
how it is to be read. `plan` sorts its rows: those that came in before (`fingerprints`), those that look like expenses
that are there (`duplicates`), and the new ones. `preview` shows them, filed by `filing`; `writing` writes them in steps
and `undo` takes them back in steps. `past` lists what was imported.
"""
