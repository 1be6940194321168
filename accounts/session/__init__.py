"""One person's session: store, activity, heartbeat, time zone, preferences, the life of a demo."""
