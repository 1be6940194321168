"""A person's things across apps: demo, download, deletion, monthly summary, welcome."""
