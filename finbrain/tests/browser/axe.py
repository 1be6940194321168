"""How the tests ask axe whether a page is accessible."""

# Violations only: describing all that is right takes as long as finding what is wrong.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
