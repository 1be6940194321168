"""Reader of text with a block of lines for each movement, each line a name and a value: "Amount: -12.40"."""

import re
from collections import Counter
from itertools import islice

from expenses.statements.long_rows import Cells
from expenses.statements.size_limits import check_cells

# A line with its end. A copy of the text as a file would take four bytes for each character, and a list more.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# A line with a name and a value, which may have spaces behind it.
_PAIR = re.compile(r"\s*([^\W\d_][^:;,|\t\"]{1,30}):\s+(\S.*)")
# Lines by which such a text is known, the share of them with a name and a value, and how many names repeat.
_SAMPLE, _MOST, _LEAST_NAMES = 200, 0.9, 3


def rows_of_records(text: str, first: int = 1) -> list[Cells]:
    """The blocks of a text as rows below a row with their names, empty if it isn't made of blocks.

    Lines above the first block stay what they are. first: the number of the first line. Raises StatementError for more
    cells than a table may have.
    """
    beginning = islice(LINE.finditer(text[: _SAMPLE * 100]), _SAMPLE)
    sample = [line[0] for line in beginning if line[0].strip()]
    known = [found for line in sample if (found := _PAIR.match(line))]
    often = Counter(found[1] for found in known)
    names = [name for name, count in often.items() if count > 1]
    if len(known) < len(sample) * _MOST or len(names) < _LEAST_NAMES:
        return []
    letterhead: list[Cells] = []
    records: list[tuple[int, dict[str, str]]] = []
    for line, whole in enumerate(LINE.finditer(text), first):
        found = _PAIR.match(whole[0])
        if not found or found[1] not in names:
            letterhead += [Cells(line, [above])] if not records and (above := whole[0].strip()) else []
            continue
        if not records or found[1] in records[-1][1]:
            records.append((line, {}))
            check_cells(len(records) * len(names))
        records[-1][1][found[1]] = found[2].rstrip()
    rows = [Cells(line, [values.get(name, "") for name in names]) for line, values in records]
    return [*letterhead, Cells(records[0][0], names), *rows]
