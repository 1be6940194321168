"""The currencies that people use and the ECB doesn't quote. The scheduler fetches the rates of a new one."""

from collections.abc import Collection

from django.utils import timezone
from pymongo import UpdateOne

from expenses.models.rate import CurrencyInUse
from finbrain.core.past_the_orm import collection

_wanted: set[str] = set()


def want(codes: Collection[str]) -> None:
    """Note that somebody needs rates of these currencies. One database call, and none for known ones."""
    new = set(codes) - _wanted
    if not new:
        return
    now = timezone.now()
    first = {"wanted_at": now, "try_at": now, "fetched_until": None, "bank": "", "failures": 0, "outcome": ""}
    updates = [UpdateOne({"_id": code}, {"$setOnInsert": first}, upsert=True) for code in sorted(new)]
    collection(CurrencyInUse).bulk_write(updates, ordered=False)
    _wanted.update(new)


def forget_wanted() -> None:
    """Forget what this process noted, so that the next need is noted again."""
    _wanted.clear()
