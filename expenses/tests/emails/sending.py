"""Sends emails of a day, for tests."""

from datetime import UTC, date, datetime, time

from expenses.emails.sending import send_emails


def send_on(day: date, hour: int = 12) -> int:
    """Send what is due at an hour of a day in UTC."""
    return send_emails(datetime.combine(day, time(hour), UTC))


def html(sent) -> str:
    return sent.alternatives[0][0]
