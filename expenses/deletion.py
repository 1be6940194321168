"""Removing a person with everything that is theirs."""

import re

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import connection

from accounts.models import User
from classifier import feedback, memory
from expenses.models import CategoryChange, Expense, MonthVersion


def delete_person(user: User) -> None:
    """Delete the person's expenses, memory, pending feedback, sessions, second factors and the account itself.

    The account goes last: should this be cut off half way, it can be done again. Approved feedback stays, without the
    hash that could tell whose it was.
    """
    for session in UserSession.objects.filter(user_id=user.pk):
        session.end()
    feedback.forget_contributor(user.pk)
    memory.forget_owner(user.pk)
    for model in (CategoryChange, Expense):
        connection.database[model._meta.db_table].delete_many({"owner_id": user.pk})
    connection.database[MonthVersion._meta.db_table].delete_many({"_id": re.compile(f"^{user.pk}:")})
    cache.delete_pattern(f"*{user.pk}*")
    user.delete()
