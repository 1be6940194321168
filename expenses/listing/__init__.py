"""The expenses page, from the query in the URL to the rows of the list."""
