"""Checks the servers in MONGODB_URI and REDIS_URL before anything depends on them."""

from urllib.parse import urlsplit

import redis
from pymongo import MongoClient
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from finbrain.embedded.process import EngineError

PATIENCE_MS = 5000


def check_mongodb(uri: str) -> str:
    """Check a MongoDB and return its hosts, for people. Raises EngineError with a remedy, never with the password."""
    if not uri.startswith(("mongodb://", "mongodb+srv://")):
        text = "MONGODB_URI is not a valid MongoDB address. It must begin with mongodb:// or mongodb+srv://."
        raise EngineError(text)
    try:
        with MongoClient(uri, serverSelectionTimeoutMS=PATIENCE_MS, connectTimeoutMS=PATIENCE_MS) as client:
            hello = client.admin.command("hello")
            client.admin.command("listDatabases", nameOnly=True, authorizedDatabases=True)
            hosts = ", ".join(f"{host}:{port}" for host, port in sorted(client.nodes))
    except (InvalidURI, ConfigurationError) as error:
        raise EngineError(f"MONGODB_URI is not a valid MongoDB address ({error}). Correct it.") from error
    except OperationFailure as error:
        reason = (error.details or {}).get("errmsg", "no reason given")
        text = f"MongoDB refuses the user in MONGODB_URI ({reason}). Correct the user or password."
        raise EngineError(text) from error
    except PyMongoError as error:
        raise EngineError(
            f"No MongoDB answers at {_hosts(uri)} (MONGODB_URI). Start it, correct the address, "
            "or unset MONGODB_URI to use the embedded MongoDB."
        ) from error
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise EngineError(
            f"The MongoDB at {hosts} is not a replica set, which transactions need. Start it with --replSet rs0 "
            "and run rs.initiate(), or unset MONGODB_URI to use the embedded MongoDB."
        )
    return hosts


def check_redis(url: str) -> str:
    """Check a Redis or Valkey and return its host, for people. Raises EngineError with a remedy."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=PATIENCE_MS / 1000, socket_timeout=PATIENCE_MS / 1000
        ) as client:
            client.ping()
    except ValueError as error:
        raise EngineError(f"REDIS_URL is not a valid Redis address ({error}). Correct it.") from error
    except redis.AuthenticationError as error:
        raise EngineError(f"Redis refuses the user in REDIS_URL ({error}). Correct the user or password.") from error
    except redis.RedisError as error:
        raise EngineError(
            f"No Redis answers at {_hosts(url)} (REDIS_URL). Start it, correct the address, "
            "or unset REDIS_URL to use the embedded Valkey."
        ) from error
    return _hosts(url)


def _hosts(uri: str) -> str:
    return urlsplit(uri).netloc.rpartition("@")[2]
