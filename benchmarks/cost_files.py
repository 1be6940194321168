"""The largest files that may be uploaded, one of each format, for `benchmarks.costs`."""

import io
import json
import random
from collections.abc import Iterator
from typing import Any

ROWS, COLUMNS = 20_000, 100


def largest_files() -> dict[str, tuple[str, bytes]]:
    """Return the name and content of each file by its format. All texts and amounts differ."""
    return {
        "CSV": ("a.csv", statement(5)),
        f"CSV of {COLUMNS} columns": ("b.csv", statement(COLUMNS)),
        "CSV of a bank, 10 columns": ("c.csv", bank()),
        "CSV of FinBrain": ("d.csv", own_csv()),
        "JSON of FinBrain": ("e.json", own_json()),
        "XLSX": ("f.xlsx", workbook()),
        "OFX": ("g.ofx", ofx()),
        "QIF": ("h.qif", qif()),
        "CAMT": ("i.xml", camt()),
        "MT940": ("j.sta", mt940()),
        "text without days": ("k.csv", prose()),
    }


def days() -> Iterator[tuple[int, int, int]]:
    """Yield a number, a month and a day for each row."""
    return ((n, 1 + n // 28 % 10, 1 + n % 28) for n in range(ROWS))


def statement(columns: int) -> bytes:
    chance = random.Random(columns)
    most = 10 if columns > 50 else 10**6
    lines = [",".join(["Date", "Description", "Amount", *(f"C{n}" for n in range(columns - 3))])]
    for n, month, day in days():
        more = [str(chance.randrange(most)) for _ in range(columns - 3)]
        lines.append(",".join([f"2026-{month:02}-{day:02}", f"Shop {n}", f"{n + 1}.50", *more]))
    return "\n".join(lines).encode()


def bank() -> bytes:
    """With a running balance, decimal commas, and texts with accents."""
    lines = ["Buchungstag;Valutadatum;Auftraggeber;Verwendungszweck;IBAN;Betrag;Saldo;Währung;Buchungstext;Status"]
    balance = 10**8
    for n, month, day in days():
        cents = n * 13 + 99 if n % 9 == 0 else -n * 7 - 101
        balance += cents
        date = f"{day:02}.{month:02}.2026"
        texts = f"Händler {n} GmbH;Rechnung {n} für Müller vom {date};DE{n:020}"
        money = f"{_german(cents)};{_german(balance)};EUR"
        lines.append(f"{date};{date};{texts};{money};Lastschrift {n % 7};gebucht")
    return "\n".join(lines).encode()


def _german(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{f'{abs(cents) // 100:,}'.replace(',', '.')},{abs(cents) % 100:02}"


def own_rows() -> Iterator[dict[str, Any]]:
    for n, month, day in days():
        money = {"amount": f"{n + 1}.50", "currency": "EUR", "category": "food", "kind": "spent"}
        texts = {"title": f"Shop {n}", "note": f"note {n}", "account": f"Visa {n % 3}"}
        yield {"date": f"2026-{month:02}-{day:02}", "reviewed": True, "confidence": None} | money | texts


def own_csv() -> bytes:
    rows = [*own_rows()]
    cells = (["yes" if value is True else str(value or "") for value in row.values()] for row in rows)
    return "\n".join(map(",".join, [[*map(str.title, rows[0])], *cells])).encode()


def own_json() -> bytes:
    return json.dumps({"finbrain": 1, "expenses": [*own_rows()]}).encode()


def workbook() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate(statement(5).decode().splitlines()):
            sheet.write_row(at, 0, line.split(","))
    return out.getvalue()


def ofx() -> bytes:
    rows = "".join(
        f"<STMTTRN><DTPOSTED>2026{month:02}{day:02}<TRNAMT>-{n + 1}.50<FITID>{n}<NAME>Shop {n}</STMTTRN>\n"
        for n, month, day in days()
    )
    return f"OFXHEADER:100\n\n<OFX><CURDEF>EUR<BANKTRANLIST>\n{rows}</BANKTRANLIST></OFX>".encode()


def qif() -> bytes:
    rows = (f"D{month:02}/{day:02}/2026\nT-{n + 1}.50\nPShop {n}\nMnote {n}\n^\n" for n, month, day in days())
    return f"!Type:Bank\n{''.join(rows)}".encode()


def camt() -> bytes:
    rows = "".join(
        f'<Ntry><Amt Ccy="EUR">{n + 1}.50</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>2026-{month:02}-{day:02}</Dt></BookgDt><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Shop {n}</Nm>"
        f"</Cdtr></RltdPties></TxDtls></NtryDtls></Ntry>"
        for n, month, day in days()
    )
    report = f"<Stmt><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></Acct>{rows}</Stmt>"
    return f"<?xml version='1.0'?><Document><BkToCstmrStmt>{report}</BkToCstmrStmt></Document>".encode()


def mt940() -> bytes:
    rows = "".join(
        f":61:26{month:02}{day:02}D{n + 1},50NMSCNONREF\n:86:105?00LASTSCHRIFT?20SVWZ+Rechnung {n}?32Shop {n}\n"
        for n, month, day in days()
    )
    return f":20:START\n:25:10020030/1234567\n:28C:1/1\n:60F:C260101EUR1000000000,00\n{rows}".encode()


def prose() -> bytes:
    """Rows of words and codes, in which FinBrain finds no days, numbers or names of columns."""
    lines = (f"2026-13-{n},Shop {n} of the long street,x{n},remark {n}" for n in range(ROWS))
    return "\n".join(["Date,Description,Amount,Note", *lines]).encode()
