"""Rules: which of them an entry meets, in which order they are, what they would change, and how they read."""
