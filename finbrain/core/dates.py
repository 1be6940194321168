"""Days as MongoDB stores them: it knows points in time only."""

from datetime import date, datetime


def midnight(day: date) -> datetime:
    """The stored form of a day: its midnight, without a zone as PyMongo returns it (it means UTC)."""
    return datetime(day.year, day.month, day.day)
