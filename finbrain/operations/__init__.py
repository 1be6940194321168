"""What keeps an installation alive: prepare, backup, restore, scheduled jobs, clean-up."""
