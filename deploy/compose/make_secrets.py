"""Creates the secrets of FinBrain's containers. Run by the `secrets` service in compose.yaml.

    make_secrets.py                       creates missing secrets and leaves others alone
    make_secrets.py email_url < FILE      replaces one of FinBrain's secrets with its input

Each folder is a volume that only one service mounts. Its files belong to that service's user.
"""

import os
import secrets
import sys
from pathlib import Path

ROOT = Path("/secrets")
USERS = {"finbrain": (10001, 10001), "mongodb": (999, 999), "valkey": (999, 1000), "prometheus": (65534, 65534)}
USERS |= {"grafana": (472, 0)}


def main(root: Path, arguments: list[str]) -> int:
    if arguments:
        name = arguments[0]
        if not (root / "finbrain" / name).exists():
            print(f"{name} is not one of FinBrain's secrets.", file=sys.stderr)
            return 2
        put(root, "finbrain", name, sys.stdin.read().strip())
        print(f"Replaced {name}. Restart the services that use it.")
        return 0
    make_missing(root)
    return 0


def make_missing(root: Path) -> None:
    """Create missing secrets. Those that two services share are created once and written to both."""
    mongodb = once(root, "mongodb", "finbrain_password")
    once(root, "mongodb", "root_password")
    once(root, "mongodb", "keyfile", secrets.token_hex(256))
    valkey = once(root, "valkey", "password")
    once(root, "valkey", "valkey.conf", f"requirepass {valkey}")
    token = once(root, "prometheus", "metrics_token")
    once(root, "grafana", "admin_password")
    once(root, "finbrain", "secret_key", secrets.token_urlsafe(64))
    # A key that nobody knows, until an earlier secret_key replaces it.
    once(root, "finbrain", "secret_key_fallbacks")
    uri = f"mongodb://finbrain:{mongodb}@mongodb:27017/finbrain?replicaSet=rs0&authSource=finbrain"
    once(root, "finbrain", "mongodb_uri", uri)
    once(root, "finbrain", "redis_url", f"redis://:{valkey}@cache:6379/0")
    once(root, "finbrain", "redis_sessions_url", f"redis://:{valkey}@sessions:6379/0")
    once(root, "finbrain", "email_url", "dummymail://")
    once(root, "finbrain", "metrics_token", token)


def once(root: Path, folder: str, name: str, text: str = "") -> str:
    """The secret's text. A missing secret is created as `text`, or else as 64 random hexadecimal digits."""
    path = root / folder / name
    if not path.exists():
        put(root, folder, name, text or secrets.token_hex(32))
    return path.read_text()


def put(root: Path, folder: str, name: str, text: str) -> None:
    """Write the file atomically, readable by its user only."""
    new = root / folder / f".{name}"
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o400), "w") as file:
        file.write(text)
    os.chown(new, *USERS[folder])
    new.replace(root / folder / name)


if __name__ == "__main__":
    sys.exit(main(ROOT, sys.argv[1:]))
