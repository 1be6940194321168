"""Replace some days in the sums of a month, so that only these are added up again after a write. Pure."""

from collections import defaultdict
from collections.abc import Container, Sequence
from decimal import Decimal

from expenses.sums.aggregation import BIGGEST, MERCHANT_TITLES
from expenses.sums.month_sums import Big, MonthSums, Title


def with_days_replaced(sums: MonthSums, days: range, fresh: MonthSums) -> MonthSums | None:
    """Return the sums of a month with those of some days replaced by `fresh`, the sums of only these days.

    sums: by day. days: their numbers in the month. None if the other days aren't known well enough: if there are too
    many titles, or if one of the biggest expenses has gone and the one to take its place isn't known. None also if
    `fresh` isn't by day, because the month has ended since: its titles couldn't be replaced at the next write.
    """
    if not fresh.by_day:
        return None
    titles = _replace_titles(sums.titles, days, fresh.titles)
    biggest = _replace_biggest(sums.biggest, days, fresh.biggest)
    if sums.truncated or fresh.truncated or len(titles) > MERCHANT_TITLES or biggest is None:
        return None
    before, after = (
        (row for row in sums.sums if row.day < days.start),
        (row for row in sums.sums if row.day >= days.stop),
    )
    return MonthSums([*before, *fresh.sums, *after], biggest, titles, by_day=True)


def _replace_titles(titles: Sequence[Title], days: Container[int | None], fresh: Sequence[Title]) -> list[Title]:
    found = {row[:-1]: left for row in titles if (left := _without_days(row, days)).parts}
    for row in fresh:
        before = found.get(row[:-1])
        found[row[:-1]] = row._replace(parts=[*before.parts, *row.parts]) if before else row
    # As the aggregation sorts them: the most frequent first, then by title, category and currency.
    return sorted(found.values(), key=lambda row: (-row.count(), row[1:-1]))


def _without_days(row: Title, days: Container[int | None]) -> Title:
    parts = [part for part in row.parts if part.day not in days]
    return row if len(parts) == len(row.parts) else row._replace(parts=parts)


def _replace_biggest(biggest: Sequence[Big], days: Container[int | None], fresh: Sequence[Big]) -> list[Big] | None:
    """Return the biggest expenses of each category, None if one isn't known.

    Of a category with as many as are kept, all that is known of the others is that they aren't before the last one.
    """
    before, now = _by_category(biggest), _by_category([*(row for row in biggest if row.day not in days), *fresh])
    for category, rows in before.items():
        if len(rows) == BIGGEST and (len(now[category]) < BIGGEST or _place(now[category][-1]) > _place(rows[-1])):
            return None
    return [row for rows in now.values() for row in rows]


def _by_category(rows: Sequence[Big]) -> dict[str, list[Big]]:
    """Return the biggest expenses of each category, in order."""
    found: dict[str, list[Big]] = defaultdict(list)
    for row in sorted(rows, key=_place):
        found[row.category].append(row)
    return defaultdict(list, {category: each[:BIGGEST] for category, each in found.items()})


def _place(row: Big) -> tuple[Decimal, str]:
    """Return the sort key of the aggregation."""
    return -Decimal(row.order_value), row.id
