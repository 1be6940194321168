"""The categories that a file names, and which of the ledger's categories each of them means.

FinBrain proposes a meaning from the titles of its rows, together with its name. The meanings that a person imports with
are kept for the ledger's next file, whatever app it comes from. Rows with a meaning count as reviewed.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from bson import ObjectId

from classifier.categories import FALLBACKS, Kind, kind_of
from expenses.importing.suggestions import Filing, file_entry, suggest_without_rules
from expenses.models import ColumnMapping, Expense
from expenses.models.limits import TITLE_LENGTH
from expenses.statements.statement import Entry
from expenses.statements.vocabulary import is_exactly

# How many categories of a file are offered, the most frequent ones, and how many titles decide about all of them.
_MOST, _MOST_TITLES, _TITLES_EACH = 100, 1000, 40
# How many of a category's titles are kept from one piece of a file to the next.
_TITLES_KEPT = 100
# The least certainty of a proposal, and the least share of the titles unless the name says the same.
_CERTAIN, _AGREEING, _NAMED = 0.6, 0.6, 0.4
# Where a ledger's meanings are kept, among the hashes of the shapes of tables.
_HEADER = "categories"
_MOST_KEPT = 1000


@dataclass(frozen=True)
class FileCategory:
    """A category that a file names.

    key: identifies the name, whatever its case. count: of its rows. proposed: a slug, or "" if each row is filed by its
    title. share: of the titles that FinBrain files under `proposed` by themselves, 0 to 1. kept: whether the person
    chose the meaning in an earlier import.
    """

    name: str
    key: str
    count: int
    proposed: str = ""
    share: float = 0.0
    kept: bool = False


@lru_cache(maxsize=5000)
def key_of(name: str) -> str:
    return hashlib.sha256(_plain(name).encode(errors="replace")).hexdigest()[:12]


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())[:TITLE_LENGTH]


class CategoryCounts:
    """The categories that a file's entries name, each with its most frequent titles, counted piece by piece.

    Kinds of payment, which banks put in the same column, are none.
    """

    def __init__(self, groups: dict[str, "_Group"] | None = None) -> None:
        self.groups = groups or {}

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            is_kind = not entry.category and is_exactly(entry.file_category, "bank kind")
            if entry.file_category and not is_kind:
                self.groups.setdefault(key_of(entry.file_category), _Group(entry.file_category)).add(entry)

    def find(self, ledger_id: ObjectId) -> tuple[FileCategory, ...]:
        """The categories, the most frequent first, with what FinBrain proposes."""
        chosen = sorted(self.groups.values(), key=lambda group: (-group.count, group.name))[:_MOST]
        kept = kept_meanings(ledger_id) if chosen else {}
        open_ones = [group for group in chosen if _plain(group.name) not in kept]
        proposals = dict(zip(map(id, open_ones), _propose(ledger_id, open_ones), strict=True))
        return tuple(_found(group, kept, *proposals.get(id(group), ("", 0.0))) for group in chosen)

    def stored(self) -> list[Any]:
        """The most frequent categories and titles as JSON can hold them; `of` reads them."""
        groups = sorted(self.groups.items(), key=lambda item: -item[1].count)[: 2 * _MOST]
        return [[key, group.stored()] for key, group in groups]

    @classmethod
    def of(cls, stored: Iterable[Any]) -> "CategoryCounts":
        return cls({key: _Group.of(*values) for key, values in stored})


class _Group:
    """The entries with one category. titles: how often each occurs; it stands for entries that are filed alike."""

    def __init__(self, name: str, count: int = 0, named: Iterable[str] = (), titles: Iterable[Any] = ()) -> None:
        self.name, self.count = name, count
        self.named = Counter(named)
        self.titles: Counter[_Title] = Counter()
        for *title, times in titles:
            self.titles[_Title(*title)] = times

    def add(self, entry: Entry) -> None:
        self.count += 1
        self.named[entry.category] += 1
        category = "" if entry.kind in ("", Kind.SPENT) else entry.category
        self.titles[_Title(entry.title, entry.amount > 0, entry.kind, category)] += 1

    def stored(self) -> list[Any]:
        titles = [[*title, times] for title, times in self.titles.most_common(_TITLES_KEPT)]
        return [self.name, self.count, dict(self.named.most_common(_TITLES_EACH)), titles]

    @classmethod
    def of(cls, name: str, count: int, named: dict[str, int], titles: list[Any]) -> "_Group":
        return cls(name, count, named, titles)

    def sample(self, most: int) -> list[tuple[Entry, int]]:
        """The most frequent titles as entries, each with the number of its rows."""
        return [(title.entry(), times) for title, times in self.titles.most_common(most)]


class _Title(NamedTuple):
    """What decides how an entry is filed. category: "" for what was spent, because FinBrain then proposes one."""

    title: str
    is_out: bool
    kind: str
    category: str

    def entry(self) -> Entry:
        amount = Decimal(1 if self.is_out else -1)
        return Entry(0, date.min, self.title, amount, "", self.category, kind=self.kind)


def _found(group: _Group, kept: Mapping[str, str], proposed: str, share: float) -> FileCategory:
    name = group.name
    is_kept = _plain(name) in kept
    slug = kept[_plain(name)] if is_kept else proposed
    return FileCategory(name[:TITLE_LENGTH], key_of(name), group.count, slug, round(share, 3), is_kept)


def _propose(ledger_id: ObjectId, groups: Sequence[_Group]) -> list[tuple[str, float]]:
    """The proposed category and its share for each group."""
    if not groups:
        return []
    each = max(4, min(_TITLES_EACH, _MOST_TITLES // len(groups)))
    samples = [group.sample(each) for group in groups]
    names = [_Title(group.name, True, "", "").entry() for group in groups]
    found = iter(suggest_without_rules(ledger_id, [*names, *(entry for sample in samples for entry, _count in sample)]))
    by_name = [next(found) for _group in groups]
    return [
        _proposal(group, [(entry, count, next(found)) for entry, count in sample], name)
        for group, sample, name in zip(groups, samples, by_name, strict=True)
    ]


def _proposal(group: _Group, sample: Sequence[tuple[Entry, int, Filing]], name: Filing) -> tuple[str, float]:
    """The category that a name most likely means: the likelihood by its titles times that by the name itself.

    A name that is one of FinBrain's own, or that apps use for transfers and income, needs no guess.
    """
    agreeing, likely = _votes(sample)
    rows = sum(agreeing.values())
    [(named, times)] = group.named.most_common(1)
    if named and times * 2 > group.count:
        return named, agreeing[named] / rows if rows else 0.0
    said = dict(name.suggestion.candidates) if name.suggestion else {}
    weighed = {slug: value * said.get(slug, 1 / (len(said) or 1)) for slug, value in likely.items()}
    best = max(weighed, key=weighed.__getitem__, default="")
    if not best or weighed[best] < _CERTAIN * sum(weighed.values()):
        return "", 0.0
    share = agreeing[best] / rows
    is_named = said.get(best, 0.0) >= _NAMED and said[best] == max(said.values())
    is_enough = is_named or (share >= _AGREEING and best not in FALLBACKS.values())
    return (best, share) if is_enough else ("", 0.0)


def _votes(sample: Sequence[tuple[Entry, int, Filing]]) -> tuple[Counter[str], dict[str, float]]:
    """How many rows FinBrain would file under each category by their titles, and how likely each category is."""
    agreeing: Counter[str] = Counter()
    likely: dict[str, float] = defaultdict(float)
    for entry, count, filing in sample:
        filed = Expense()
        file_entry(filed, entry, filing)
        if filed.kind != Kind.SPENT:
            agreeing[filed.category] += count
            likely[filed.category] += count
        elif filing.suggestion:
            agreeing[filed.category] += count
            for slug, probability in filing.suggestion.candidates:
                likely[slug] += probability * count
    return agreeing, likely


def meanings_of(categories: Iterable[FileCategory], chosen: Mapping[str, str]) -> dict[str, str]:
    """What each category means, by key: as the person chose, else as proposed; "" for nothing."""
    return {one.key: chosen.get(one.key, one.proposed) for one in categories}


def with_meaning(entry: Entry, meanings: Mapping[str, str]) -> Entry:
    """The entry under what its category means, which counts as reviewed. Income that was paid can't be."""
    slug = meanings.get(key_of(entry.file_category), "") if entry.file_category else ""
    if not slug or (kind_of(slug) == Kind.RECEIVED and entry.amount > 0):
        return entry
    return entry._replace(category=slug, reviewed=True, kind=kind_of(slug).value)


def kept_meanings(ledger_id: ObjectId) -> dict[str, str]:
    """The slug that each name meant in the ledger's earlier imports, "" for none. Other shapes are read as nothing."""
    kept = ColumnMapping.objects.of(ledger_id).filter(header=_HEADER).first()
    pairs = kept.choices.get("meanings") if kept and isinstance(kept.choices, dict) else None
    pairs = pairs if isinstance(pairs, list) else []
    return {pair[0]: pair[1] for pair in pairs if _is_pair_of_texts(pair)}


def _is_pair_of_texts(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair)


def keep_meanings(ledger_id: ObjectId, categories: Iterable[FileCategory], chosen: Mapping[str, str]) -> None:
    """Keep what the categories of a file mean, for the next file that names them."""
    found = meanings_of(categories, chosen)
    new = {_plain(one.name): found[one.key] for one in categories}
    if not new:
        return
    others = {name: slug for name, slug in kept_meanings(ledger_id).items() if name not in new}
    pairs = [[name, slug] for name, slug in (others | new).items()][-_MOST_KEPT:]
    ColumnMapping.objects.keep(ledger_id, _HEADER, {"meanings": pairs})
