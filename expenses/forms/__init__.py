"""Django forms, one file for each resource."""
