"""Reader of text with a block of lines for each movement, each line a name and a value: "Amount: -12.40"."""

import re
from collections import Counter

from expenses.statements.long_rows import Cells

# A line with a name and a value.
_LINE = re.compile(r"\s*([^\W\d_][^:;,|\t\"]{1,30}):\s+(\S.*?)\s*$")
# Lines by which such a text is known, the share of them with a name and a value, and how many names repeat.
_SAMPLE, _MOST, _LEAST_NAMES = 200, 0.9, 3


def rows_of_records(text: str, first: int = 1) -> list[Cells]:
    """The blocks of a text as rows below a row with their names, empty if it isn't made of blocks.

    Lines above the first block stay what they are. first: the number of the first line.
    """
    sample = [line for line in text[: _SAMPLE * 100].splitlines()[:_SAMPLE] if line.strip()]
    known = [found for line in sample if (found := _LINE.match(line))]
    often = Counter(found[1] for found in known)
    names = [name for name, count in often.items() if count > 1]
    if len(known) < len(sample) * _MOST or len(names) < _LEAST_NAMES:
        return []
    letterhead: list[Cells] = []
    records: list[tuple[int, dict[str, str]]] = []
    for line, content in enumerate(text.splitlines(), first):
        found = _LINE.match(content)
        if not found or found[1] not in names:
            letterhead += [Cells(line, [content.strip()])] if content.strip() and not records else []
            continue
        if not records or found[1] in records[-1][1]:
            records.append((line, {}))
        records[-1][1][found[1]] = found[2]
    rows = [Cells(line, [values.get(name, "") for name in names]) for line, values in records]
    return [*letterhead, Cells(records[0][0], names), *rows]
