"""All changes of expenses. Only this package and `importing` write them."""
