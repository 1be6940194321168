"""Orders the text columns of a table by how likely they name the merchant of each movement."""

import re
from collections.abc import Container, Sequence

from expenses.statements.header_words import rank_columns, rank_role
from expenses.statements.profile import MOST, Profile, is_account
from expenses.statements.statement import Column

_HUNDRED = 100
# The lowest rank by which a name counts as exact.
_EXACT = 500
# What a column loses if its name says something else.
_OTHERS = {"status": 6, "account": 5, "not spent": 4, "currency 1": 6, "payer": 4, "tags": 6, "address": 6}
# The number of an account without its country.
_ACCOUNT = re.compile(r"(?:\d ?){14,}")
# The share of texts in a column named for titles whose other cells are numbers.
_SOME = 0.4
# What a column gains if its texts are those of whom the accounts beside them belong to.
_BESIDE_ACCOUNTS = 2
# From this share on, a repeated cell says as little as a column of equal cells.
REPEATED, MOST_KINDS = 0.75, 0.8
# A purpose in fewer rows is no title.
_FEW = 0.5
# A column needs this score to be the title by its cells alone.
LEAST = 1.5


def order_titles(profiles: Sequence[Profile], used: Container[int]) -> list[tuple[float, int]]:
    """The scores and indexes of the columns that may hold titles, the best first."""
    possible = [one for one in profiles if one.place not in used and _may_be_title(one)]
    beside = {place + step for place in _other_accounts(profiles) for step in (-1, 1)}
    found = [(_score_title(one) + _BESIDE_ACCOUNTS * (not one.header and one.place in beside), one) for one in possible]
    scores = sorted([(score, one.place) for score, one in found], key=lambda one: (-one[0], one[1]))
    if scores:
        by_place = {one.place: one for one in possible}
        whole = [found for found in scores[1:] if _completes(by_place[scores[0][1]], by_place[found[1]])]
        scores = [
            *((scores[0][0], place) for _score, place in whole[:1]),
            *(one for one in scores if one not in whole[:1]),
        ]
    return scores


def _other_accounts(profiles: Sequence[Profile]) -> list[int]:
    """The columns with the accounts of several others, beside which their names are."""
    filled = [one for one in profiles if len(set(one.filled)) > 1]
    return [one.place for one in filled if all(is_account(cell) or _ACCOUNT.fullmatch(cell) for cell in one.filled)]


def _completes(one: Profile, other: Profile) -> bool:
    """Whether the cells of another column mostly begin with those of a column, and say more."""
    pairs = [(mine, theirs) for mine, theirs in zip(one.cells, other.cells, strict=True) if mine or theirs]
    begin = [(mine, theirs) for mine, theirs in pairs if mine and theirs.startswith(mine)]
    longer = sum(len(mine) < len(theirs) for mine, theirs in begin)
    return len(begin) >= len(pairs) * MOST and longer * 2 >= len(pairs) > 1


def _may_be_title(one: Profile) -> bool:
    if not one.filled:
        return False
    if rank_columns(one.header, Column.TITLE) >= _EXACT and one.texts >= _SOME:
        return one.codes < MOST
    return one.texts >= MOST and one.days < MOST and one.numbers < MOST and one.codes < MOST


def _score_title(one: Profile) -> float:
    """How likely a column names the merchant: by its name, and by cells that are distinct, wordy and no codes."""
    named = rank_columns(one.header, Column.TITLE)
    score = named / _HUNDRED
    filled = len(one.filled) / len(one.cells)
    telling = one.naming if rank_role(one.header, "title 1") >= _EXACT and one.telling else one.telling
    score += filled / 3 + 3 * telling + min(one.distinct, 0.5) + one.distinct / 2 + min(one.words, 2) / 4
    if rank_role(one.header, "title 1") < _EXACT or not one.are_payees:
        score -= 9 * one.kinds
    if named < _EXACT and rank_role(one.header, "title 1"):
        score += 3
    if one.is_constant:
        score -= 11
    elif (len(one.filled) == 2 and one.distinct < 1) or one.repeated >= REPEATED:
        score -= 5
    losses = {role: loss for role, loss in _OTHERS.items() if role != "not spent" or not _names_all(one)}
    score -= max((loss for role, loss in losses.items() if rank_role(one.header, role) > named), default=0)
    if filled < _FEW and _may_be_purpose(one):
        score -= 6
    if one.are_short:
        score -= 9
    if rank_columns(one.header, Column.CATEGORY) > named:
        score -= 4
    if one.are_references:
        score -= 6
    if rank_role(one.header, "kind") >= _EXACT and not _differs(one):
        score -= 0.5 if named else 3
    return score


def _may_be_purpose(one: Profile) -> bool:
    """Whether a column's name is one for purposes, or for both notes and titles."""
    if rank_columns(one.header, Column.NOTE) >= _EXACT and not rank_role(one.header, "title 1"):
        return True
    return rank_role(one.header, "title 3") > 0 and not rank_role(one.header, "title 1", "title 2")


def _names_all(one: Profile) -> bool:
    """Whether nearly every row of a column has a different text of several words, whatever the column's name says."""
    return one.telling * len(one.filled) > MOST_KINDS * len(one.cells) and _differs(one)


def _differs(one: Profile) -> bool:
    """Whether nearly all cells of a column are different texts of several words, more than there are kinds."""
    return len(one.filled) > 3 and one.distinct >= MOST_KINDS and one.words > 2
