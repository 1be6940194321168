"""The column names that banks and card companies use, the preferred ones first."""

import re
import unicodedata
from functools import lru_cache

from expenses.money.codes import KNOWN
from expenses.money.words import USUAL, WORDS, normal_word
from expenses.statements.statement import Column

HEADER_WORDS: dict[Column, tuple[str, ...]] = {
    Column.DATE: (
        *("transaction date", "date", "booking date", "posting date", "posted", "posted date", "day", "value date"),
        *("תאריך עסקה", "תאריך העסקה", "תאריך רכישה", "תאריך הפעולה", "תאריך פעולה", "תאריך", "יום", "תאריך ערך"),
        *("buchungstag", "buchungsdatum", "buchung", "datum", "umsatzdatum", "belegdatum", "wertstellung"),
        *("valutadatum", "valuta", "date de l'operation", "date operation", "date de comptabilisation", "date valeur"),
        *("fecha operacion", "fecha de operacion", "fecha", "f operacion", "fecha valor", "data operazione"),
        *("data contabile", "data", "data valuta", "transactiedatum", "boekdatum", "boekingsdatum", "rentedatum"),
        *("data da operacao", "data do movimento", "data mov", "data lancamento", "data valor", "data transakcji"),
        *("data operacji", "data ksiegowania", "data waluty", "дата операции", "дата совершения операции"),
        *("дата", "дата проводки", "дата платежа"),
    ),
    Column.TITLE: (
        *(
            "title",
            "merchant",
            "merchant name",
            "payee",
            "name",
            "description",
            "transaction description",
            "counterparty",
        ),
        *("counter party", "details", "transaction details", "narrative", "particulars", "what", "item", "memo"),
        *("שם בית העסק", "שם בית עסק", "בית עסק", "תיאור", "תאור", "תיאור התנועה", "הפעולה", "פרטים", "כותרת"),
        *("beguenstigter/zahlungspflichtiger", "begunstigter/zahlungspflichtiger", "auftraggeber/begunstigter"),
        *("auftraggeber/empfanger", "zahlungsempfanger", "empfanger", "begunstigter", "auftraggeber"),
        *("name zahlungsbeteiligter", "zahlungsbeteiligter", "handler", "beschreibung", "umsatzbeschreibung"),
        *("verwendungszweck", "bezeichnung", "text", "buchungstext", "libelle", "libelle operation", "intitule"),
        *("beneficiaire", "designation", "description de l'operation", "comercio", "concepto", "descripcion"),
        *("beneficiario", "esercente", "descrizione", "descrizione operazione", "causale", "operazione"),
        *("naam / omschrijving", "naam tegenpartij", "tegenpartij", "naam", "omschrijving", "mededelingen"),
        *("descricao", "estabelecimento", "historico", "odbiorca", "nadawca/odbiorca", "kontrahent", "tytul"),
        *(
            "opis operacji",
            "opis transakcji",
            "opis",
            "popis",
            "описание операции",
            "описание",
            "получатель",
            "контрагент",
        ),
        *("назначение платежа", "назначение", "наименование"),
    ),
    Column.AMOUNT: (
        *("amount", "transaction amount", "billed amount", "net amount", "sum", "total", "price", "value", "paid"),
        *("סכום חיוב", "סכום החיוב", "סכום לחיוב", "סכום", "הסכום", "סכום הפעולה", "סכום עסקה", "סכום העסקה"),
        *(
            "betrag",
            "umsatz",
            "zahlungsbetrag",
            "buchungsbetrag",
            "montant",
            "montant operation",
            "importe",
            "cantidad",
        ),
        *("importo", "ammontare", "bedrag", "transactiebedrag", "valor", "montante", "quantia", "kwota"),
        *("kwota transakcji", "kwota operacji", "castka", "сумма операции", "сумма", "сумма платежа"),
    ),
    Column.MONEY_OUT: (
        *("money out", "paid out", "debit", "debits", "debit amount", "withdrawal", "withdrawals", "outflow", "spent"),
        *("payments", "חובה", "בחובה", "סכום חובה", "חיוב", "הוצאה", "soll", "belastung", "lastschrift", "ausgang"),
        *("ausgaben", "debit euros", "depenses", "cargo", "cargos", "debe", "gasto", "dare", "addebiti", "addebito"),
        *("uscite", "af", "uitgaven", "afschrijving", "debito", "saida", "saidas", "obciazenia", "obciazenie"),
        *("wydatki", "расход", "списание", "дебет"),
    ),
    Column.MONEY_IN: (
        *("money in", "paid in", "credit", "credits", "credit amount", "deposit", "deposits", "inflow", "received"),
        *("זכות", "בזכות", "סכום זכות", "זיכוי", "הכנסה", "haben", "gutschrift", "eingang", "einnahmen"),
        *("credit euros", "recettes", "abono", "abonos", "haber", "ingreso", "avere", "accrediti", "accredito"),
        *("entrate", "bij", "inkomsten", "bijschrijving", "credito", "entrada", "entradas", "uznania", "uznanie"),
        *("wplywy", "приход", "поступление", "зачисление", "кредит"),
    ),
    Column.CURRENCY: (
        *("currency", "billing currency", "currency code", "transaction currency", "ccy", "cur"),
        *("מטבע חיוב", "מטבע החיוב", "מטבע", "סוג מטבע", "מטבע עסקה", "מטבע העסקה", "wahrung", "waehrung", "devise"),
        *("monnaie", "moneda", "divisa", "valuta", "munt", "moeda", "waluta", "валюта", "валюта операции"),
    ),
    Column.CATEGORY: (
        *("category", "categories", "type of expense", "קטגוריה", "ענף", "kategorie", "categorie", "categoria"),
        *("kategoria", "категория"),
    ),
    Column.NOTE: (
        *("note", "notes", "memo", "comment", "comments", "reference", "remarks", "additional information"),
        *("הערות", "הערה", "פירוט נוסף", "notiz", "bemerkung", "kommentar", "verwendungszweck", "remarque"),
        *("commentaire", "note personnelle", "nota", "notas", "observaciones", "comentario", "commento", "notitie"),
        *("opmerking", "mededelingen", "observacoes", "notatka", "uwagi", "tytul", "комментарий", "примечание"),
    ),
}
NOT_SPENT = {
    *("balance", "running balance", "available", "saldo", "kontostand", "solde", "יתרה", "היתרה", "остаток"),
    *("баланс", "limit", "cashback", "points", "fee", "fees", "rate", "exchange rate", "kurs", "cours", "שער", "עמלה"),
}
ORIGINAL = {
    *("original", "foreign", "origin", "local", "מקורי", "מקור", "המקורי", "ursprung", "ursprunglicher", "original-"),
    *("origine", "origen", "oorspronkelijk", "oorspronkelijke", "oryginalna", "исходная"),
}
# Cells of a column that gives the direction of amounts without a sign.
SAYS_OUT = {
    *("debit", "dr", "d", "db", "out", "withdrawal", "af", "soll", "s", "debet", "debito", "cargo", "dare", "חובה"),
    *("расход", "списание"),
}
SAYS_IN = {
    *("credit", "cr", "c", "in", "deposit", "bij", "haben", "h", "credito", "abono", "avere", "זכות", "приход"),
    *("зачисление",),
}
# Cells of a type or category column. Not "payment": for a card bill it is received, for a purchase spent.
SPENDING = {
    *("sale", "purchase", "card purchase", "debit", "debit card", "ach debit", "direct debit", "withdrawal", "fee"),
    *("kauf", "einkauf", "kartenzahlung", "lastschrift", "belastung", "abbuchung", "auszahlung", "ausgabe", "soll"),
    *("רכישה", "קניה", "קנייה", "עסקה", "עסקה רגילה", "חיוב", "חובה", "הוראת קבע", "משיכה", "הוצאה"),
}
RECEIVING = {
    *("return", "refund", "reversal", "credit", "ach credit", "direct credit", "deposit", "salary", "payroll", "wages"),
    *("income", "gutschrift", "erstattung", "ruckerstattung", "ruckzahlung", "retoure", "gehalt", "lohn"),
    *("lohn/gehalt", "einzahlung", "zahlungseingang", "einnahme", "haben"),
    *("החזר", "החזרה", "זיכוי", "זכות", "משכורת", "שכר", "הכנסה", "הפקדה"),
}
_FOOTER_WORDS = (
    *("total", "totals", "subtotal", "grand total", "sum", "closing balance", "opening balance", "ending balance"),
    *("beginning balance", "balance", 'סה"כ', "סהכ", "סך הכל", "סך", "יתרה", "יתרת", "summe", "gesamt", "gesamtsumme"),
    *(
        "kontostand",
        "anfangssaldo",
        "endsaldo",
        "saldo",
        "solde",
        "totale",
        "totaal",
        "suma",
        "razem",
        "итого",
        "всего",
    ),
    *("остаток", "баланс"),
)
LONGEST = 80
# The lowest rank of a header that matches a word exactly.
WHOLE_NAME = 500


def plain_header(text: str) -> str:
    """Normalise a header like the words above: lower case, without accents, quotes and text in brackets."""
    return _plain(text[:LONGEST])


@lru_cache(maxsize=1000)
def _plain(text: str) -> str:
    text = re.sub(r"[(\[].*?[)\]]", " ", text)
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in letters if unicodedata.category(char) not in ("Mn", "Cf"))
    spaced = re.sub(r"\s*/\s*", "/", re.sub(r"[\s_.:*#]+", " ", bare).replace("ß", "ss").replace("״", '"'))
    return spaced.replace("’", "'").strip(" -/")


def rank_columns(header: str, column: Column) -> int:
    """Rank how well a header names a column: 0 for not at all, higher is better, exact matches first."""
    name = plain_header(header)
    if not name:
        return 0
    words = PLAIN[column]
    if name in words:
        return 2 * WHOLE_NAME - words[name]
    spaced = f" {name.replace('/', ' ')} "
    inside = [place for word, place in words.items() if f" {word} " in spaced]
    return WHOLE_NAME - 1 - min(inside) if inside else 0


PLAIN: dict[Column, dict[str, int]] = {
    column: {plain_header(word): place for place, word in reversed(list(enumerate(words)))}
    for column, words in HEADER_WORDS.items()
}
_PLAIN_FOOTERS = {plain_header(word) for word in _FOOTER_WORDS}


def is_footer_name(text: str) -> bool:
    """Whether a text is exactly a name for totals or balances."""
    return plain_header(text) in _PLAIN_FOOTERS


def is_footer_text(text: str) -> bool:
    """Whether a text begins with a name for totals or balances."""
    name = plain_header(text)
    return any(name == word or name.startswith(f"{word} ") for word in _PLAIN_FOOTERS)


def currency_named(header: str, home: str) -> str:
    """The currency in a column name such as `Amount (EUR)`; "" if there is none. home: decides which dollar `$` is."""
    for word in re.split(r"[\s()\[\]/:]+", header):
        if word in KNOWN:
            return word
        found = WORDS.get(normal_word(word.removeprefix("ב"))) if word == word.upper() else None
        if found:
            return home if home in found else USUAL.get(found, min(found))
    return ""


def has_word(header: str, words: set[str]) -> bool:
    return not words.isdisjoint(plain_header(header).replace("/", " ").split())
