"""Features about a whole person that span apps: demo, download, deletion, welcome."""
