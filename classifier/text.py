"""Normalise the title of an expense, whether a person typed it or it is from a statement.

The model reads normalised texts, and they are the keys of a ledger's memory. "TESCO STORES 3297 LONDON GB" and "Tesco
stores 2841, London" become the same text. Pure: needs neither Django nor a database.
"""

import re
import unicodedata
from collections.abc import Callable

from classifier.unwrap import unwrapped

_MAX_CHARACTERS = 400

_APOSTROPHES = re.compile(r"['’‘`´׳״]")
_QUOTE_IN_WORD = re.compile(r'(?<=[^\W\d_])"(?=[^\W\d_])')
_MARKS = re.compile(r"[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7]")
_AMPERSAND = re.compile(r"\b(\w) ?& ?(\w)\b")
_SEVEN_ELEVEN = re.compile(r"\b7[ -]?(?:eleven|11)\b")
_EMAIL_OR_HANDLE = re.compile(r"@[\w.]+")
_WEB = re.compile(
    r"https?://|\bwww\.|\.(?:com|net|org|co\.uk|co\.il|co\.za|com\.au|co\.nz|co\.in|co|de|fr|it|nl|ie|ca|io|eu)\b"
)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)"
_DATE = re.compile(
    r"\b(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}[/.]\d{1,2}(?![\d.])|\d{1,2} ?" + _MONTH + r"\d{0,4})\b"
)
_MASK = re.compile(
    r"[x*•]{2,}\s?\d{2,}|"
    r"\b(card|acct|account|a/c|ref|no|nr|id|auth|txn|trace|store|terminal)[ .:#]*\d[\w-]*"
)
# Processors that tell the kind of merchant stay as a word: restaurants, small and online ones, events, couriers.
_HINTS = re.compile(r"^(sq|tst|sp|eb|dd|yoco)\s*[*_]\s*(?=\w)")
_PROCESSORS = re.compile(
    r"^(?:pp|py|pypl|paypal|ppl|cke|fsp|ic|bb|wpy|wl|zlr|zettle|izettle|iz|sumup|stripe|toast|clv|"
    r"clover|crv|nyx|nya|lsp|ls|pos|ikh|snapscan|payu|payfast|ccavenue|razorpay|paytm|phonepe|mollie|ccv|adyen|"
    r"klarna|braintree|2co|fs|dnh|cr|gpay|apl|in(?=\s))\s*[*_]\s*"
)
_BANK_WORDS = re.compile(
    r"^(?:(?:non[- ]?)?pos (?:purchase|debit|withdrawal|transaction|pur|w/d|prch|refund)|pos|checkcard|check card|"
    r"debit card (?:purchase|payment|debit)|credit card purchase|"
    r"(?:recurring )?(?:card )?(?:purchase|payment) (?:authorized|authorised) on|"
    r"visa (?:purchase|debit|direct)|visa(?=\s*[\d*/:-])|mastercard|eftpos(?: purchase| debit)?|"
    r"contactless(?: payment| interac purchase)?|card (?:payment|purchase|transaction)(?: to| at| from)?|"
    r"(?:interac|idp|opos|fpos) purchase|(?:cheque|chq) card purchase|c&c|s2s|gx|pre[- ]?auth(?:orization)?|pending|"
    r"point of sale|purchase (?:at|from)|purchase|upi|ecom(?:merce)?|pos ecom|"
    r"(?:paiement|achat|facture)(?: par)? (?:cb|carte)|carte x?\d*|cb|kartenzahlung|girocard|"
    r"sepa lastschrift(?:seinzug)?|(?:compra|pago)(?: con)?(?: tarj(?:eta)?)?(?: en)?|pagamento (?:pos|carta)|"
    r"betaalautomaat|bea|pin betaling|zakup karta|platnosc karta|platba kartou|kortkop|korttiosto|dankort-nota)"
    r"(?=[\s*:/.,_-]|$)[\s*:/.,_-]*"
)
_FORMS_TEXT = """
ltd limited inc llc llp plc pty corp gmbh kg ag bv nv srl spa sarl sas sl oy oyj ab aps pvt pte kft sro בעמ
"""
_REGIONS_TEXT = """
AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC
SD TN TX UT VT VA WA WV WI WY DC ON QC BC AB MB SK NS NB NL PE US USA GB GBR UK ZA ZAF NZ NZL AU AUS AUST IE IRL ISR IND
DEU FR FRA ES ESP IT ITA NLD BE BEL AT AUT CH CHE PL POL PT PRT SE SWE DK DNK FI FIN CZ CZE HR HRV HU HUN NSW VIC QLD
WAU TAS ACT LUX
"""
_COMPANY_FORMS = frozenset(_FORMS_TEXT.split())
_REGIONS = frozenset(_REGIONS_TEXT.split())
_SYMBOLS = re.compile(r"[^\w&]+|_")
_DIGIT = re.compile(r"\d")


def normalise(text: str) -> str:
    """Return the text in lower case, without accents, niqqud, statement codes, numbers, punctuation and extra spaces.

    Reads at most 400 characters. A text with nothing else ("4711") is only converted to lower case. Only a text without
    any visible character becomes "".
    """
    return _normalised(text, _without_noise)


def normalise_for_kind(text: str) -> str:
    """Return the text like `normalise`, but with the words of banks, because "card payment" says what kind it is."""
    return _normalised(text, _without_codes)


def _normalised(text: str, cleaned: Callable[[str], str]) -> str:
    raw = _printable(unicodedata.normalize("NFKC", text[:_MAX_CHARACTERS]))
    folded = _fold(raw)
    clean = cleaned(folded)
    tokens = _tokens(clean)
    if _is_statement_line(raw) or _HINTS.match(folded) or not folded.startswith(clean[:3]):
        tokens = _without_region(tokens, raw)
    kept = [token for token in tokens if token not in _COMPANY_FORMS] or tokens
    return " ".join(kept) or " ".join(folded.split())


def _printable(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if category in ("Cc", "Zs", "Zl", "Zp") else char
        for char in text
        if (category := unicodedata.category(char)) not in ("Cf", "Cs", "Co", "Cn")
    )


def _fold(text: str) -> str:
    folded = text.casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _MARKS.sub("", unicodedata.normalize("NFD", folded)))
    return _QUOTE_IN_WORD.sub("", _APOSTROPHES.sub("", folded)).strip()


def _without_noise(text: str) -> str:
    previous, hint = None, ""
    text = unwrapped(text)
    while text != previous:
        previous = text
        if found := _HINTS.match(text):
            hint, text = f"{found[1]} ", text[found.end() :]
        text = _PROCESSORS.sub("", text, count=1)
        text = _BANK_WORDS.sub("", text, count=1) or text
        text = text.lstrip(" -:/.,*#")
    return _without_codes(hint + text, numbered=" ")


def _without_codes(text: str, numbered: str = r"\1 ") -> str:
    """Remove dates, numbers and addresses. numbered: what "card 1234" becomes, by default "card"."""
    if _DIGIT.search(text):  # most titles have none, and a search is faster than three substitutions
        text = _SEVEN_ELEVEN.sub("seveneleven", text)
        text = _MASK.sub(numbered, _DATE.sub(" ", text))
    for pattern in (_EMAIL_OR_HANDLE, _WEB):
        text = pattern.sub(" ", text)
    return _AMPERSAND.sub(r"\1&\2", text)


def _tokens(text: str) -> list[str]:
    """Return the words without codes. A code is a number, or a word with three or more digits."""
    words = (word.strip("&") for word in _SYMBOLS.sub(" ", text).split())
    return [word for word in words if word and (word.isalpha() or _is_no_code(word))]


def _is_no_code(word: str) -> bool:
    return not word.isdigit() and len(_DIGIT.findall(word)) < 3


def _is_statement_line(raw: str) -> bool:
    return raw.upper() == raw and raw.lower() != raw


def _without_region(tokens: list[str], raw: str) -> list[str]:
    """Remove states and countries from the end, if they are in capitals in the original text."""
    written = set(_SYMBOLS.sub(" ", raw).split())
    while len(tokens) > 1 and (last := tokens[-1].upper()) in _REGIONS and last in written:
        tokens = tokens[:-1]
    return tokens
