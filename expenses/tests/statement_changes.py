"""Changes of where and how a statement has its cells: columns, names, days, decimals, lines above and below."""

import csv
import re
from collections import Counter
from random import Random

from expenses.statements.app_exports import app_columns, is_mark
from expenses.statements.days import looks_like_day, read_day
from expenses.statements.header_words import currency_named, is_original, rank_role
from expenses.statements.notation import decimal_votes, is_number
from expenses.statements.plain_words import plain_header
from expenses.statements.statement import MONEY, Column
from expenses.statements.vocabulary import HEADERS, LANGUAGES
from expenses.tests.statement_documents import Document, need

PAGES = {
    **dict.fromkeys(("HU", "PL", "RO"), ("cp1250", "iso8859-2")),
    **dict.fromkeys(("CZ", "SK", "SI", "HR", "RS"), ("cp1250",)),
    **dict.fromkeys(("RU", "UA", "BY", "BG"), ("cp1251",)),
    **dict.fromkeys(("LT", "LV", "EE"), ("cp1257",)),
    **dict.fromkeys(("TW", "HK"), ("big5",)),
    **dict.fromkeys(("SA", "AE", "EG"), ("cp1256",)),
    "GR": ("cp1253", "iso8859-7"),
    "TR": ("cp1254",),
    "IL": ("cp1255", "iso8859-8"),
    "TH": ("cp874",),
    "JP": ("shift_jis",),
    "CN": ("gb18030",),
    "KR": ("euc_kr",),
    "VN": (),
}
DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d %B %Y", "%d-%b-%Y", "%d.%m.%y", "%Y/%m/%d")
TIME = re.compile(r"[ T,]+(\d{1,2}:\d{2}(?::\d{2})?)\s*$")
ABOVE = [
    [["Account statement"], []],
    [["Account holder", "M Muster"], ["Account number", "00123456789"], []],
    [["Kontoauszug"], ["IBAN", "DE89370400440532013000"], []],
    [["Movimientos de la cuenta"], [], ["Titular:", "M Muster", "", "Oficina:", "0421"], []],
    [["Generated on 2026-04-01 08:15"], ["Tell us within 30 days if anything is wrong."], []],
    [["Extrait de compte"], ["Solde au 01/01/2026", "1 234,56"]],
    [["תנועות בחשבון"], ["מספר חשבון", "12-345-678901"], []],
    [["交易明细"], ["户名:", "王小明"], []],
]
# "*" is a total below each amount.
BELOW = [
    *([["Total", "*"]], [["Summe", "*"]], [["סך הכל", "*"]], [["合計", "*"]], [["Totaux", "*"]], [["Итого", "*"]]),
    [[], ["This statement is not a tax document."]],
    [[], ["Closing balance", "1234.56"]],
    [["Total", "*"], [], ["Page 1 of 1"]],
    [["*** End of statement ***"]],
    [[], ["Angaben ohne Gewähr.", "Irrtum vorbehalten"]],
    [[], ["Opening balance:", "100.00"], ["Closing balance:", "2100.00"]],
    [["Exported on 2026-04-02 at 10:11"]],
]


def shuffle(doc: Document, rng: Random) -> None:
    names = [name.strip() for name in doc.name_row]
    named = [name for name in names if name]
    need(len(set(named)) == len(named) and not doc.has_sections())  # only their order tells equal names apart
    need(doc.read.table and not doc.read.table.people)  # the last columns are the people
    rows, groups = doc.table_rows, list[list[int]]()
    need(all(len(row) in (0, doc.width) for row in doc.rows[doc.top : doc.lines[-1]]))  # not text below another one
    for place in range(doc.width):
        if groups and (place >= len(names) or not names[place]):
            groups[-1].append(place)  # continues the one before
        else:
            groups.append([place])
    rng.shuffle(groups)
    order = [place for group in groups for place in group]
    for row in rows:
        row[:] = [row[place] for place in order]
    doc.places = [order.index(place) if place in order else place for place in doc.places]


def rename(doc: Document, rng: Random) -> None:
    names = doc.name_row
    need(not app_columns(doc.header) and doc.names == doc.top)
    need(not any(is_mark(name, doc.header) or is_original(name) for name in names))  # known by all names together
    roles = [[role for role, words in HEADERS.items() if plain_header(name) in words] for name in names]
    held = Counter(group.partition(" ")[0] for name in names for group in HEADERS if rank_role(name, group))
    language, new = rng.choice(sorted(set[str]().union(*LANGUAGES.values()))), [*names]
    for place, (name, found) in enumerate(zip(names, roles, strict=True)):
        if len(found) != 1 or held[found[0].partition(" ")[0]] > 1:
            continue  # only the very word says which of several such columns counts
        if len({cell for cell in doc.cells(place).values() if not is_number(cell)}) <= 2:
            continue  # "Pending" above "yes" and "no"
        used = {*map(plain_header, new)}
        ranks = HEADERS[found[0]]
        words = [word for word in sorted(ranks, key=ranks.__getitem__) if language in LANGUAGES[word]]
        words = [one for one in words if one not in used and sum(one in known for known in HEADERS.values()) == 1]
        words = [word for word in words if not currency_named(word, "")][:3]
        new[place] = rng.choice(words) if words else name
    need(new != names)
    doc.rows = [[*new] if row == names else row for row in doc.rows]
    doc.changes.append(language)


def delimit(doc: Document, rng: Random) -> None:
    doc.delimiter = rng.choice([one for one in ",;\t|" if one != doc.delimiter])


def encode(doc: Document, rng: Random) -> None:
    pages = PAGES.get(doc.name[:2], ("cp1252", "cp850"))
    doc.encoding = rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", *pages, *pages])
    doc.changes.append(doc.encoding)


def reverse(doc: Document, _rng: Random) -> None:
    first, last = doc.lines[0], doc.lines[-1]
    need(doc.lines == list(range(first, last + 1)) and all(at in doc.is_spent for at in doc.lines))
    need(len(doc.cells(doc.place(Column.DATE))) == len(doc.lines))
    doc.rows[first : last + 1] = doc.rows[first : last + 1][::-1]
    doc.is_spent = {first + last - at: spent for at, spent in doc.is_spent.items()}


def rewrite_days(doc: Document, rng: Random) -> None:
    order, main, style = doc.mapping.date_order, doc.place(Column.DATE), rng.choice(DAYS)
    need(doc.read.table and not doc.read.table.year)
    need(doc.names is not None or not any(doc.rows[: doc.lines[0]]))  # a line of the account has days of another kind
    columns = {place: doc.cells(place) for place in range(doc.width)}
    places = [at for at, cells in columns.items() if cells and all(map(looks_like_day, cells.values()))]
    need(main in places)
    days = [read_day(cell, order) for cell in columns[main].values()]
    if style[:5] in ("%d.%m", "%d/%m", "%m/%d"):
        need(any(day and day.day > 12 for day in days))
    for place in places:
        for at, cell in columns[place].items():
            day, time = read_day(cell, order), TIME.search(cell)
            need(day and (style != DAYS[7] or day.year > 2012))
            doc.rows[at][place] = f"{day:{style}}" + (f" {time[1]}" if time else "")
    doc.changes.append(style)


def swap_decimals(doc: Document, _rng: Random) -> None:
    amounts = [doc.cells(doc.place(column)) for column in MONEY if column in doc.mapping.columns]
    need(any(decimal_votes(cell) for cells in amounts for cell in cells.values()))
    need(all(at in doc.lines or not row for at, row in enumerate(doc.rows[: doc.lines[-1]]) if at > doc.lines[0]))
    for place in range(doc.width):
        cells = doc.cells(place)
        if any(map(looks_like_day, cells.values())) or sum(map(is_number, cells.values())) <= len(cells) / 2:
            continue
        for at, cell in cells.items():
            if is_number(cell) and not re.search(r"[^\W\d]\.|\.[^\W\d]", cell):
                doc.rows[at][place] = cell.translate({44: ".", 46: ","})
    for at in {*range(len(doc.rows))} - {*doc.lines}:
        doc.rows[at] = [
            cell.translate({44: ".", 46: ","}) if is_number(cell) and re.search(r"[.,]\d\d$", cell) else cell
            for cell in doc.rows[at]
        ]


def write_above(doc: Document, rng: Random) -> None:
    need(doc.names is not None)
    rows = rng.choice(ABOVE)
    doc.insert(0, [[*row] for row in rows])
    doc.changes.append(rows[0][0])


def write_below(doc: Document, rng: Random) -> None:
    need(doc.names is not None)
    rows = rng.choice(BELOW)
    places = {doc.place(column) for column in MONEY if column in doc.mapping.columns}
    sizes = {place: max(map(decimal_votes, doc.cells(place).values()), default="") for place in places}
    total = [f"999{sizes[place]}99" if place in places else "" for place in range(doc.width)]
    need(0 not in places or ["*"] not in [row[1:] for row in rows])
    doc.rows += [[row[0], *total[1:]] if row[1:] == ["*"] else [*row] for row in rows]
    doc.changes.append(next(cell for row in rows for cell in row))


def space(doc: Document, rng: Random) -> None:
    need(doc.names in (None, doc.top))  # every other line would be empty no longer
    for at in range(doc.lines[-1], (doc.top if doc.names is None else doc.names), -1):
        if rng.random() < 0.4:
            doc.insert(at, [[]])


def leave_empty(doc: Document, rng: Random) -> None:
    place = rng.randint(0, doc.width)
    for row in doc.table_rows:
        row.insert(place, "")
    doc.places = [one + (one >= place) for one in doc.places]
    doc.changes.append(str(place))


def quote(doc: Document, _rng: Random) -> None:
    doc.quoting = csv.QUOTE_ALL
