"""Argon2id with the costs in the settings, by default OWASP's (Password Storage Cheat Sheet: t=2, 19 MiB, p=1)."""

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's hasher with our costs. Hashes with different costs are upgraded at the next sign-in."""

    time_cost = settings.ARGON2["time_cost"]
    memory_cost = settings.ARGON2["memory_cost"]
    parallelism = settings.ARGON2["parallelism"]
