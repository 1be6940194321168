"""Dates as MongoDB stores them, which only has points in time."""

from datetime import date, datetime


def midnight(day: date) -> datetime:
    """The stored form of a day: midnight UTC, without a time zone, as PyMongo returns it."""
    return datetime(day.year, day.month, day.day)
