"""A person's session: store, activity, heartbeat, time zone, preferences and the lifetime of demos."""
