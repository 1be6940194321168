"""Values that nobody types, for fields, headers, cookies and bodies: each has been an error somewhere."""

import base64
import json
from typing import Any

FORM, BOUNDARY = "application/x-www-form-urlencoded", "BoUnDaRyStRiNg"
PARTS = f"multipart/form-data; boundary={BOUNDARY}"
LIKELY = [
    *("2026-08", "2026-08-20", "food-drinks", "ILS", "EUR", "-date", "amount", "ofx", "csv", "xlsx", "en", "he", "58"),
    *("on", "1", "all", "delete", "category", "rest", "filing", "profile", "80", "Taxi home", "bank.csv"),
]
NUMBERS = [
    *("9" * 400, "-" + "9" * 30, "1e400", "-1e400", "1e-400", "NaN", "sNaN", "Infinity", "-0", "0x10", "9" * 5000, "٣"),
    *("2147483648", "9223372036854775808", "0.1e-7000", "1_000", "٠٫٥", "1,2,3.4.5"),
]
DATES = [
    *("9999-99", "2026-13", "0000-00", "0001-01", "9999-12", "0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠٨"),
    *("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "99999-01-01", "2026-08-20T10:00:00Z", "-1-1-1"),
]
NOT_URLS = ["http://[::1", "//[", "http://[x]/", "http://x:99999/", "http://testserver:x/", "http://\u2100.com/"]
URLS = [
    *NOT_URLS,
    *("ofx", "list", "home", "//evil.example", "javascript:a", "\\\\x", "/" * 3, "/\ud7ff", "?" * 9, "a" * 9000),
    *("http://testserver/expenses/?month=9999-99", "http://testserver/expenses/?after=%ED%A0%80", "/expenses/"),
    "http://testserver/expenses/?" + "a=1&" * 1500,
]
TEXTS = [
    *("", "\x00", "a\x00b", "\ufeff", "\u202e", "\U0001f986", "\ud7ff", "%ED%A0%80", "%00", "%", "%s", "{}", "$where"),
    *("' OR 1=1", "<script>", "x" * 70_000, "..", "../..", "\r\n", "{", "[" * 3000, '"\\ud800"', "[1,]", "a.b", "$a"),
]
KEYS = ["1", "2", "0" * 24, "f" * 24, "g" * 24, "0" * 23, "-1", "1-2", "a-b", "٣" * 24, "0" * 12, "x" * 300]


def encoded(values: Any) -> str:
    """The text of a cursor with these values."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


# Each with a value that MongoDB can't hold, or of another type.
CURSORS: list[list[Any]] = [
    ["-date", "0001-01-01", "x"],
    ["-date", "10000-01-01", "0" * 24],
    ["-deleted", "0001-01-01T00:00:00+23:59", "0" * 24],
    ["-deleted", "9999-12-31T23:59:59-23:59", "0" * 24],
    ["title", "\ud800", "0" * 24],
    ["category", "\ud800", "2026-08-20", "0" * 24],
    ["amount", "1e99999", "0" * 24],
    ["-amount", "text", "0" * 24],
    ["-amount", 7, {}],
    [],
]
_CREDENTIAL = {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}, "clientExtensionResults": {}}
_CLIENT_DATA = "eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUEiLCJvcmlnaW4iOiJ4In0"
_ANSWERS = [
    {"clientDataJSON": data, "authenticatorData": sent, "signature": "AA", "attestationObject": sent, "userHandle": who}
    for data in (_CLIENT_DATA, "bnVsbA", "\ud800", 7)
    for sent in ("A" * 60, "oA", "gA", "")
    for who in ("AA", "\ud800", "gA", None, 7)
]
CREDENTIALS: list[Any] = [
    *([], {}, 7, None, "x", "\ud800", {"id": 1}, {"response": []}, _CREDENTIAL),
    *(_CREDENTIAL | {"response": answer} for answer in _ANSWERS),
    *(_CREDENTIAL | {name: value} for name in _CREDENTIAL for value in ("\ud800", "=", 7, None, [])),
]
HEADERS = [
    *(*URLS, *NUMBERS[:11], *DATES, *LIKELY),
    *("true", "list", "more", "inbox", "*/*", "text/html;q=nan", "text/html;a*=hex''%41", "bytes=0-", "bytes=5-1"),
    *(f"bytes={'9' * 5000}-", "Thu, 01 Jan 99999 00:00:00 GMT", 'W/"x"', '"', "*", "he;q=2", "en-" * 200, "x" * 7000),
    *("https", "::1", "1.2.3.4, x", "[::1", "testserver:0", "a b", "Bearer \xe9", "gzip;q=x", "null"),
]
_CHARSETS = ["hex", "utf-7", "utf-16", "unicode_escape", "idna", "base64", "\x7f", "x" * 300, "undefined", "zlib", "''"]
CONTENT_TYPES = [
    *(f"{kind}; charset={name}" for name in _CHARSETS for kind in (FORM, PARTS)),
    *(f"{FORM}; charset*={name}''%00%ff" for name in _CHARSETS),
    *(f"{PARTS}; boundary*0*={name}''%ff; boundary*1=b" for name in _CHARSETS),
    *(f"{FORM}; charset*=utf-8''%00", f"{FORM}; charset*=hex''hex", 'x; charset="', "x; a*0*=x'", ";", ";=;*", "\xe9"),
    *("application/json", "text/plain", "multipart/form-data", "multipart/mixed; boundary=x"),
]
_PART = b'Content-Disposition: form-data; name="file"; filename="a.csv"'
_PARTS_HEADERS = [
    b"Content-Disposition: form-data; name*=hex''%41",
    b"Content-Disposition: form-data; name*=utf-8''%ED%A0%80",
    b"Content-Disposition: form-data; name=\"file\"; filename*=utf-7''%2BAD0-",
    b'Content-Disposition: form-data; name="file"; filename="\x00/..\\..\xff.csv"\r\nContent-Type: a/b; charset=hex',
    _PART + b"\r\nContent-Transfer-Encoding: base64",
    _PART + b"\r\nContent-Length: " + b"9" * 5000,
    _PART,
    b'Content-Disposition: form-data; name="title"\r\nContent-Transfer-Encoding: base64',
    b'Content-Disposition: form-data; name="\xff\xfe"',
    b"Content-Disposition: form-data",
    b"\xff: x",
]
FILES = [
    b"",
    b"\x00" * 50,
    b"Date,Title,Amount\n2026-08-20,\xed\xa0\x80,1e400\n0001-01-01,a,NaN\n",
    b"Date,Title,Amount\n2026-08-20,Tea,3\n",
    b'[{"title": "\\ud800", "amount": "1e400", "date": "0001-01-01"}]',
    b'{"format": "finbrain", "expenses": [{"title": "\\ud800\\u0000"}]}',
    b"PK\x03\x04" + b"\xff" * 60,
    b"OFXHEADER:100\nCHARSET:hex\nENCODING:UNICODE\n\n<OFX><STMTTRN><TRNAMT>1e400<DTPOSTED>00010101<NAME>\x00",
    b"\xff\xfe\x00\xd8",
]
_FRAME = BOUNDARY.encode()
BODIES = [
    *(b"%ff=%ed%a0%80", b"&" * 2000, b"a=1&" * 1500, b"csrfmiddlewaretoken=%00", b"\xff\xfe\x00\xd8", b"", b"{", b"--"),
    *(
        b"--" + _FRAME + b"\r\n" + head + b"\r\n\r\n" + file + b"\r\n--" + _FRAME + b"--\r\n"
        for head in _PARTS_HEADERS
        for file in FILES
    ),
]
COOKIES = [
    *("", "x", '"\\355\\240\\200"', "../../etc/passwd", "a" * 4000, "he", "UTC", "\\", '"\\377', "e" * 32, "[["),
    *("x:y:z", "W1tdXQ:1a:x", "null", "Europe/", "posixrules", "zone.tab", "dark", '"', "\x7f", "\xe9"),
]
