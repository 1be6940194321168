"""The list: from the query in the URL to the rows on the page."""
