"""The only code, with `importing/`, that changes expenses."""
