"""The categories that a file names, and which of the ledger's categories each of them means.

FinBrain proposes a meaning from the titles of its rows, together with its name. The meanings that a person imports with
are kept for the ledger's next file, whatever app it comes from. Rows with a meaning count as reviewed.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bson import ObjectId

from classifier.categories import FALLBACKS, Kind, kind_of
from classifier.kinds import Direction
from expenses.importing.suggestions import Filing, file_entry, suggest_without_rules
from expenses.ledger.teaching import direction_of
from expenses.models import ColumnMapping, Expense
from expenses.models.limits import TITLE_LENGTH
from expenses.statements.statement import Entry
from expenses.statements.vocabulary import is_exactly

# How many categories of a file are offered, the most frequent ones, and how many titles decide about all of them.
MOST, _MOST_TITLES, _TITLES_EACH = 100, 1000, 40
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


def find_categories(ledger_id: ObjectId, entries: Iterable[Entry]) -> tuple[FileCategory, ...]:
    """The categories that entries name, the most frequent first, with what FinBrain proposes.

    Kinds of payment, which banks put in the same column, are none.
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        is_kind = not entry.category and is_exactly(entry.file_category, "bank kind")
        if entry.file_category and not is_kind:
            groups[key_of(entry.file_category)].append(entry)
    chosen = sorted(groups.values(), key=lambda group: (-len(group), group[0].file_category))[:MOST]
    kept = kept_meanings(ledger_id) if chosen else {}
    open_ones = [group for group in chosen if _plain(group[0].file_category) not in kept]
    proposals = dict(zip(map(id, open_ones), _propose(ledger_id, open_ones), strict=True))
    return tuple(_found(group, kept, *proposals.get(id(group), ("", 0.0))) for group in chosen)


def _found(group: list[Entry], kept: Mapping[str, str], proposed: str, share: float) -> FileCategory:
    name = group[0].file_category
    is_kept = _plain(name) in kept
    slug = kept[_plain(name)] if is_kept else proposed
    return FileCategory(name[:TITLE_LENGTH], key_of(name), len(group), slug, round(share, 3), is_kept)


def _propose(ledger_id: ObjectId, groups: Sequence[list[Entry]]) -> list[tuple[str, float]]:
    """The proposed category and its share for each group of entries with the same name."""
    if not groups:
        return []
    each = max(4, min(_TITLES_EACH, _MOST_TITLES // len(groups)))
    samples = [_sample(group, each) for group in groups]
    names = [group[0]._replace(title=group[0].file_category, amount=abs(group[0].amount), kind="") for group in groups]
    asked = [*(one._replace(category="") for one in names), *(entry for sample in samples for entry, _count in sample)]
    found = iter(suggest_without_rules(ledger_id, asked))
    by_name = [next(found) for _group in groups]
    return [
        _proposal(group, [(entry, count, next(found)) for entry, count in sample], name)
        for group, sample, name in zip(groups, samples, by_name, strict=True)
    ]


def _sample(group: Sequence[Entry], most: int) -> list[tuple[Entry, int]]:
    """The most frequent titles of a group, each with the number of its rows."""
    counts: Counter[tuple[str, Direction, str]] = Counter()
    first: dict[tuple[str, Direction, str], Entry] = {}
    for entry in group:
        key = entry.title, direction_of(entry.amount), entry.kind
        counts[key] += 1
        is_spent = entry.kind in ("", Kind.SPENT)
        first.setdefault(key, entry._replace(category="", reviewed=False) if is_spent else entry)
    return [(first[key], count) for key, count in counts.most_common(most)]


def _proposal(group: Sequence[Entry], sample: Sequence[tuple[Entry, int, Filing]], name: Filing) -> tuple[str, float]:
    """The category that a name most likely means: the likelihood by its titles times that by the name itself.

    A name that is one of FinBrain's own, or that apps use for transfers and income, needs no guess.
    """
    agreeing, likely = _votes(sample)
    rows = sum(agreeing.values())
    [(named, times)] = Counter(entry.category for entry in group).most_common(1)
    if named and times * 2 > len(group):
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
    kept = ColumnMapping.objects.filter(ledger_id=ledger_id, header=_HEADER).first()
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
    ColumnMapping.objects.update_or_create(
        ledger_id=ledger_id, header=_HEADER, defaults={"choices": {"meanings": pairs}}
    )
