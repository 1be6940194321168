"""The largest files that may be uploaded, one of each format, for `benchmarks.costs`."""

import io
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

COLUMNS = 100


def largest_files(rows: int) -> dict[str, tuple[str, bytes]]:
    """Return the name and content of each file by its format. All texts and amounts differ."""
    return {kind: largest_file(rows, kind) for kind in _MAKERS}


def largest_file(rows: int, kind: str) -> tuple[str, bytes]:
    name, make = _MAKERS[kind]
    return name, make(rows)


def days(rows: int) -> Iterator[tuple[int, int, int]]:
    """Yield a number, a month and a day for each row."""
    return ((n, 1 + n // 28 % 10, 1 + n % 28) for n in range(rows))


def statement(rows: int, columns: int) -> bytes:
    chance = random.Random(columns)
    most = 10 if columns > 50 else 10**6
    lines = [",".join(["Date", "Description", "Amount", *(f"C{n}" for n in range(columns - 3))])]
    for n, month, day in days(rows):
        more = [str(chance.randrange(most)) for _ in range(columns - 3)]
        lines.append(",".join([f"2026-{month:02}-{day:02}", f"Shop {n}", f"{n + 1}.50", *more]))
    return "\n".join(lines).encode()


def bank(rows: int) -> bytes:
    """With a running balance, decimal commas, and texts with accents."""
    lines = ["Buchungstag;Valutadatum;Auftraggeber;Verwendungszweck;IBAN;Betrag;Saldo;Währung;Buchungstext;Status"]
    balance = 10**8
    for n, month, day in days(rows):
        cents = n * 13 + 99 if n % 9 == 0 else -n * 7 - 101
        balance += cents
        date = f"{day:02}.{month:02}.2026"
        texts = f"Händler {n} GmbH;Rechnung {n} für Müller vom {date};DE{n:020}"
        money = f"{_german(cents)};{_german(balance)};EUR"
        lines.append(f"{date};{date};{texts};{money};Lastschrift {n % 7};gebucht")
    return "\n".join(lines).encode()


def _german(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{f'{abs(cents) // 100:,}'.replace(',', '.')},{abs(cents) % 100:02}"


def own_rows(rows: int) -> Iterator[dict[str, Any]]:
    for n, month, day in days(rows):
        money = {"amount": f"{n + 1}.50", "currency": "EUR", "category": "food", "kind": "spent"}
        texts = {"title": f"Shop {n}", "note": f"note {n}", "account": f"Visa {n % 3}"}
        yield {"date": f"2026-{month:02}-{day:02}", "reviewed": True, "confidence": None} | money | texts


def own_csv(rows: int) -> bytes:
    found = [*own_rows(rows)]
    cells = (["yes" if value is True else str(value or "") for value in row.values()] for row in found)
    return "\n".join(map(",".join, [[*map(str.title, found[0])], *cells])).encode()


def own_json(rows: int) -> bytes:
    return json.dumps({"finbrain": 1, "expenses": [*own_rows(rows)]}).encode()


def workbook(rows: int) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(statement(rows, 5).decode().splitlines()):
            sheet.write_row(at, 0, line.split(","))
    return out.getvalue()


def ofx(rows: int) -> bytes:
    movements = "".join(
        f"<STMTTRN><DTPOSTED>2026{month:02}{day:02}<TRNAMT>-{n + 1}.50<FITID>{n}<NAME>Shop {n}</STMTTRN>\n"
        for n, month, day in days(rows)
    )
    return f"OFXHEADER:100\n\n<OFX><CURDEF>EUR<BANKTRANLIST>\n{movements}</BANKTRANLIST></OFX>".encode()


def qif(rows: int) -> bytes:
    movements = (f"D{month:02}/{day:02}/2026\nT-{n + 1}.50\nPShop {n}\nMnote {n}\n^\n" for n, month, day in days(rows))
    return f"!Type:Bank\n{''.join(movements)}".encode()


def camt(rows: int) -> bytes:
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{n + 1}.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-{month:02}-{day:02}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Shop {n}</Nm>"
        f"</Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>"
        for n, month, day in days(rows)
    )
    report = f"<Stmt><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>{entries}</Stmt>"
    return f"<?xml version='1.0'?><Document><BkToCstmrStmt>{report}</BkToCstmrStmt></Document>".encode()


def mt940(rows: int) -> bytes:
    movements = "".join(
        f":61:26{month:02}{day:02}D{n + 1},50NMSCNONREF\n:86:105?00LASTSCHRIFT?20SVWZ+Rechnung {n}?32Shop {n}\n"
        for n, month, day in days(rows)
    )
    return f":20:START\n:25:10020030/1234567\n:28C:1/1\n:60F:C260101EUR1000000000,00\n{movements}".encode()


def prose(rows: int) -> bytes:
    """Rows of words and codes, in which FinBrain finds no days, numbers or names of columns."""
    lines = (f"2026-13-{n},Shop {n} of the long street,x{n},remark {n}" for n in range(rows))
    return "\n".join(["Date,Description,Amount,Note", *lines]).encode()


_MAKERS: dict[str, tuple[str, Callable[[int], bytes]]] = {
    "CSV": ("a.csv", lambda rows: statement(rows, 5)),
    f"CSV of {COLUMNS} columns": ("b.csv", lambda rows: statement(rows, COLUMNS)),
    "CSV of a bank, 10 columns": ("c.csv", bank),
    "CSV of FinBrain": ("d.csv", own_csv),
    "JSON of FinBrain": ("e.json", own_json),
    "XLSX": ("f.xlsx", workbook),
    "OFX": ("g.ofx", ofx),
    "QIF": ("h.qif", qif),
    "CAMT": ("i.xml", camt),
    "MT940": ("j.sta", mt940),
    "text without days": ("k.csv", prose),
}
