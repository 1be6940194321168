"""Running an installation: preparing, backup, restore, scheduled jobs, clean-up."""
