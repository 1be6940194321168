"""Generated requests: the site's own addresses, forms, queries and headers, with values that nobody expects."""

import json
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from django.test.client import encode_multipart
from hypothesis import strategies as st

from finbrain.tests.introspection import Address

PEOPLE = ("nobody", "alice", "demo", "admin")
SECRET = "s" * 32  # of the CSRF check
_HEX = "0123456789abcdef"
_WIDE = ["9" * 400, "-" + "9" * 30, "1e400", "-1e400", "1e-400", "NaN", "sNaN", "Infinity", "-0", "0x10", "9" * 5000]
_DATES = ["9999-99", "2026-13", "0000-00", "0001-01", "9999-12", "0001-01-01", "9999-12-31", "2026-02-30", "٢٠٢٦-٠٨"]
_TIMES = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "99999-01-01", "2026-08-20T10:00:00Z"]
_URLS = [
    "http://[::1",
    "//[",
    "http://[x]/",
    "http://x:99999/",
    "ofx",
    "list",
    "//evil.example",
    "javascript:a",
    "\\\\x",
]
_URLS += ["http://testserver/expenses/?month=9999-99", "/" * 3, "http://testserver:x/", "/\ud7ff", "?" * 9, "a" * 9000]
_TEXTS = [
    "",
    "\x00",
    "a\x00b",
    "\ufeff",
    "\u202e",
    "\U0001f986",
    "\ud7ff",
    "%ED%A0%80",
    "%00",
    "%",
    "%s",
    "{}",
    "$where",
]
_TEXTS += [
    "' OR 1=1",
    "<script>",
    "x" * 70_000,
    "٣",
    "..",
    "../..",
    "\r\n",
    "on",
    "1",
    "all",
    "delete",
    "category",
    "rest",
]
_LIKELY = [
    "2026-08",
    "2026-08-20",
    "food-drinks",
    "ILS",
    "EUR",
    "-date",
    "amount",
    "ofx",
    "csv",
    "xlsx",
    "en",
    "he",
    "58",
]
_KEYS = ["1", "2", "0" * 24, "f" * 24, "g" * 24, "0" * 23, "-1", "1-2", "a-b", "٣" * 24, "0" * 12, "x" * 300]
_CREDENTIALS: list[Any] = [[], {}, None, "x", 1, {"id": 1}, {"response": []}, {"rawId": "x", "id": "x", "type": "y"}]
_CREDENTIALS += [
    {"id": part, "rawId": part, "type": kind, "response": answer, "clientExtensionResults": more}
    for part in ("AA", "\ud800", "=", 7, None)
    for kind in ("public-key", "\ud800", 3)
    for answer in (
        {},
        None,
        {"clientDataJSON": "AA", "attestationObject": "AA"},
        {"clientDataJSON": "e30", "authenticatorData": "A" * 60, "signature": "AA", "userHandle": "gA"},
        {"clientDataJSON": "bnVsbA", "authenticatorData": "A" * 50, "signature": 1, "userHandle": "\ud800"},
    )
    for more in ({}, [])
]
_CURSORS: list[Any] = [
    ["-date", "0001-01-01", "0" * 24],
    ["-date", "9999-12-31", "x"],
    ["-deleted", "0001-01-01T00:00:00+23:59", "0" * 24],
    ["-deleted", "9999-12-31T23:59:59-23:59", "0" * 24],
    ["title", "\ud800", "0" * 24],
    ["category", "\ud800", "2026-08-20", "0" * 24],
    ["amount", "1e400", "0" * 24],
    ["-amount", "NaN", "0" * 24],
    ["amount", "9" * 400, "0" * 24],
    {},
    7,
]
_BAD_JSON = ["{", "[" * 3000, "1e999", '"\\ud800"', "nan", "[1,]", "9" * 5000, "\ufeff{}"]


def _cursor(values: Any) -> str:
    import base64

    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


VALUES = st.one_of(
    st.sampled_from(_LIKELY),
    st.sampled_from(_LIKELY + _WIDE + _DATES + _TIMES + _URLS + _TEXTS + _KEYS),
    st.sampled_from(_WIDE + _DATES + _TIMES + _URLS + _TEXTS + _KEYS + _BAD_JSON),
    st.sampled_from(_CREDENTIALS).map(json.dumps),
    st.sampled_from(_CURSORS).map(_cursor),
    st.text(string.digits + "-.,+:eTZ", max_size=30),
    st.text(max_size=20),
)
_HEADER_TEXTS = st.text([chr(code) for code in (*range(32, 127), *range(160, 256))], max_size=30)
HEADER_VALUES = st.one_of(
    st.sampled_from(_URLS + _WIDE + _DATES + _LIKELY),
    st.sampled_from(["true", "list", "more", "inbox", "*/*", "text/html;q=nan", "text/html;a*=hex''%41", "bytes=0-"]),
    st.sampled_from(["bytes=5-1", "bytes=" + "9" * 5000 + "-", "Thu, 01 Jan 99999 00:00:00 GMT", 'W/"x"', '"', "*"]),
    st.sampled_from(["he;q=2", "en-" * 200, "x" * 7000, "https", "::1", "1.2.3.4, x", "[::1", "testserver:0", "a b"]),
    st.sampled_from(["http://testserver/expenses/?" + "a=1&" * 1500, "http://testserver/expenses/?after=%ED%A0%80"]),
    _HEADER_TEXTS,
).map(lambda text: text.encode("latin-1", "replace").decode("latin-1").replace("\r\n", " ").replace("\x00", " "))
MORE_HEADERS = ["Host", "Origin", "Accept", "If-Modified-Since", "If-None-Match", "Range", "Authorization", "Cookie"]
MORE_HEADERS += [
    "X-Forwarded-For",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Request-ID",
    "HX-Current-URL-URI-AutoEncoded",
]
MORE_HEADERS += ["X-Requested-With", "Forwarded", "Content-Encoding", "Accept-Encoding", "X-HTTP-Method"]
FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=BoUnDaRyStRiNg"
_ODD_CHARSETS = [
    "hex",
    "utf-7",
    "utf-16",
    "unicode_escape",
    "idna",
    "base64",
    "\x7f",
    "x" * 300,
    "undefined",
    "zlib",
    "''",
]
CONTENT_TYPES = st.one_of(
    st.sampled_from(_ODD_CHARSETS).map(lambda name: f"{FORM}; charset={name}"),
    st.sampled_from(_ODD_CHARSETS).map(lambda name: f"{PARTS}; charset={name}"),
    st.sampled_from(_ODD_CHARSETS).map(lambda name: f"text/html; charset*={name}''%00%ff"),
    st.sampled_from(_ODD_CHARSETS).map(lambda name: f"{PARTS}; boundary*0*={name}''%ff; boundary*1=b"),
    st.sampled_from(
        ["application/json", "text/plain", "multipart/form-data", "multipart/mixed; boundary=x", ";", ";=;*"]
    ),
    st.sampled_from([f"{FORM}; charset*=utf-8''%00", f"{FORM}; charset*=hex''hex", 'x; charset="', "x; a*0*=x'"]),
    _HEADER_TEXTS,
)
_PART_HEADERS = [
    b"Content-Disposition: form-data; name*=hex''%41",
    b"Content-Disposition: form-data; name*=utf-8''%ED%A0%80",
    b"Content-Disposition: form-data; name=\"file\"; filename*=utf-7''%2BAD0-",
    b'Content-Disposition: form-data; name="file"; filename="\x00/..\\..\xff.csv"\r\nContent-Type: a/b; charset=hex',
    b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Transfer-Encoding: base64',
    b'Content-Disposition: form-data; name="title"\r\nContent-Transfer-Encoding: base64',
    b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Length: ' + b"9" * 5000,
    b'Content-Disposition: form-data; name="\xff\xfe"',
    b"Content-Disposition: form-data",
    b"\xff: x",
]
_FILES = [
    b"",
    b"\x00" * 50,
    b"Date,Title,Amount\n2026-08-20,\xed\xa0\x80,1e400\n0001-01-01,a,NaN\n",
    b'[{"title": "\\ud800", "amount": "1e400", "date": "0001-01-01"}]',
    b'{"format": "finbrain", "expenses": [{"title": "\\ud800\\u0000"}]}',
    b"PK\x03\x04" + b"\xff" * 60,
    b"OFXHEADER:100\nCHARSET:hex\nENCODING:UNICODE\n\n<OFX><STMTTRN><TRNAMT>1e400<DTPOSTED>00010101<NAME>\x00",
    b"\xff\xfe\x00\xd8",
]
BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"%ff=%ed%a0%80", b"&" * 2000, b"a=1&" * 1500, b"csrfmiddlewaretoken=%00", b"\xff\xfe\x00\xd8"]),
    st.builds(
        lambda head, body: b"--BoUnDaRyStRiNg\r\n" + head + b"\r\n\r\n" + body + b"\r\n--BoUnDaRyStRiNg--\r\n",
        st.sampled_from(_PART_HEADERS),
        st.sampled_from(_FILES) | st.binary(max_size=30),
    ),
)
_COOKIE_TEXTS = st.text([chr(code) for code in (*range(33, 127), *range(160, 256))], max_size=30)
COOKIE_VALUES = st.one_of(
    st.sampled_from(
        ["", "x", '"\\355\\240\\200"', "../../etc/passwd", "a" * 4000, "he", "UTC", "\\", '"\\377', "e" * 32]
    ),
    st.sampled_from(["[[", "x:y:z", "W1tdXQ:1a:x", "null", "Europe/", "posixrules", "zone.tab", "dark", '"', "\x7f"]),
    _COOKIE_TEXTS,
)
COOKIES = ["sessionid", "csrftoken", "messages", "django_language", "timezone", "theme", "\xe9", "__proto__"]


@dataclass(frozen=True)
class Found:
    """What the site accepts. forms: (who, method, path, fields). keys: ids that exist."""

    addresses: Sequence[Address]
    forms: Sequence[tuple[str, str, str, Mapping[str, str]]]
    fields: Sequence[str]
    headers: Sequence[str]
    keys: Sequence[str]


@dataclass(frozen=True)
class Generated:
    """A request as the web server hands it over. path: percent-encoded."""

    who: str
    method: str
    path: str
    query: str = ""
    body: bytes = b""
    content_type: str = FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@st.composite
def requests(draw: st.DrawFn, found: Found) -> Generated:
    """A request that the site knows, with something odd in its address, query, form, headers or cookies."""
    if draw(st.booleans()):
        who, method, path, values = draw(st.sampled_from(found.forms))
        values = own = dict(values)
    else:
        who = draw(st.sampled_from(("alice", "admin", *PEOPLE)))
        address = draw(st.sampled_from(found.addresses))
        keys = st.sampled_from(found.keys) | VALUES
        path = address.route % {name: quote(draw(keys).encode(errors="replace"), safe="") for name in address.names}
        method, values = draw(st.sampled_from(["GET", "GET", "POST", "HEAD", "OPTIONS", "PUT"])), {}
        own = address.fields
    own, others = st.sampled_from(sorted(own) or found.fields), st.sampled_from(found.fields)
    odd = draw(st.lists(st.tuples(own | own | own | others, VALUES), max_size=4))
    query, values = (odd, values) if draw(st.booleans()) else ([], {**values, **dict(odd)})
    body, kind = draw(_bodies(values)) if method in ("POST", "PUT") else (b"", "")
    return Generated(
        who,
        method,
        path[:20_000],
        _urlencoded([*values.items(), *query] if method not in ("POST", "PUT") else query),
        body,
        kind,
        draw(st.dictionaries(st.sampled_from(found.headers), HEADER_VALUES, max_size=3)),
        draw(st.just({}) | st.dictionaries(st.sampled_from(COOKIES), COOKIE_VALUES, max_size=2)),
    )


@st.composite
def _bodies(draw: st.DrawFn, values: Mapping[str, str]) -> tuple[bytes, str]:
    """A body and its content type: mostly a form that a browser would send, sometimes nothing like one."""
    kind = draw(st.sampled_from([FORM, FORM, FORM, PARTS, ""])) or draw(CONTENT_TYPES)
    if draw(st.integers(0, 4)) == 0:
        return draw(BODIES), kind
    if kind.startswith("multipart"):
        return encode_multipart(
            "BoUnDaRyStRiNg", {name: text.encode(errors="replace").decode() for name, text in values.items()}
        ), kind
    return _urlencoded(list(values.items())).encode(), kind


def _urlencoded(pairs: Sequence[tuple[str, str]]) -> str:
    return urlencode([(name, text.encode(errors="surrogatepass")) for name, text in pairs])
