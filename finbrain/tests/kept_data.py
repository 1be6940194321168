"""Data in a pair of embedded engines, and their addresses as others know them."""

import redis
from pymongo import MongoClient


def write(addresses: dict[str, str]) -> None:
    with MongoClient(addresses["MONGODB_URI"]) as client, client.start_session() as session:
        client["finbrain"].create_collection("kept")
        with session.start_transaction():
            client["finbrain"]["kept"].insert_one({"_id": 1}, session=session)
    redis.Redis.from_url(addresses["REDIS_URL"]).set("kept", "1")


def assert_kept(addresses: dict[str, str]) -> None:
    with MongoClient(addresses["MONGODB_URI"], serverSelectionTimeoutMS=60_000) as client:
        assert client["finbrain"]["kept"].find_one() == {"_id": 1}
    assert redis.Redis.from_url(addresses["REDIS_URL"]).get("kept") == b"1"


def without_password(address: str) -> str:
    """The address as somebody else on this machine knows it."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def places(addresses: dict[str, str]) -> set[str]:
    return {without_password(address) for address in addresses.values()}
