"""Generated requests: the site's own addresses, forms, queries and headers, with values that nobody expects."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.test.client import encode_multipart
from hypothesis import strategies as st

from finbrain.tests import odd_values as odd
from finbrain.tests.introspection import Address

PEOPLE = ("nobody", "alice", "demo", "admin")
# Headers that Django, allauth or the web server read, besides those that FinBrain's code names.
MORE_HEADERS = [
    *("Host", "Origin", "Accept", "If-Modified-Since", "If-None-Match", "Range", "Authorization", "Cookie"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Request-ID", "X-Requested-With", "Forwarded"),
    *("HX-Current-URL-URI-AutoEncoded", "Content-Encoding", "Accept-Encoding", "X-HTTP-Method-Override"),
]
COOKIES = ["sessionid", "csrftoken", "messages", "django_language", "timezone", "theme", "\xe9", "__proto__"]
_METHOD = st.sampled_from(["GET", "GET", "GET", "POST", "HEAD", "OPTIONS", "PUT"])
_ODD = [*odd.NUMBERS, *odd.DATES, *odd.URLS, *odd.TEXTS, *odd.KEYS, *map(odd.encoded, odd.CURSORS)]
_ODD += [json.dumps(each) for each in odd.CREDENTIALS]
_LATIN = st.text([chr(code) for code in (*range(33, 127), *range(160, 256))], max_size=20)
VALUES = st.sampled_from(odd.LIKELY) | st.sampled_from(_ODD) | st.sampled_from(_ODD) | st.text(max_size=20)
HEADER_VALUES = st.sampled_from([text.encode("latin-1", "replace").decode("latin-1") for text in odd.HEADERS]) | _LATIN
_NO_COOKIES = st.just({})
_ODD_COOKIES = st.dictionaries(st.sampled_from(COOKIES), st.sampled_from(odd.COOKIES) | _LATIN, max_size=2)
_COOKIES = _NO_COOKIES | _NO_COOKIES | _NO_COOKIES | _NO_COOKIES | _ODD_COOKIES
# Most forms are as a browser sends them.
_KINDS = st.sampled_from([odd.FORM] * 60 + [odd.PARTS] * 20 + odd.CONTENT_TYPES) | st.just(odd.FORM)
_BODIES = st.sampled_from(odd.BODIES) | st.binary(max_size=60)
_IS_ODD_BODY = st.sampled_from([True, False, False, False, False, False])


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
    content_type: str = odd.FORM
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


def requests(found: Found) -> st.SearchStrategy[Generated]:
    """Requests that the site knows, with something odd in their address, query, form, headers or cookies."""
    every = st.sampled_from(found.fields)
    forms = st.sampled_from([(form, _fields(form[3], every)) for form in found.forms])
    addresses = st.sampled_from([(address, _fields(address.fields, every)) for address in found.addresses])
    keys = st.sampled_from(found.keys) | VALUES
    headers = st.dictionaries(st.sampled_from(found.headers), HEADER_VALUES, max_size=3)
    people = st.sampled_from(("alice", "admin", *PEOPLE))

    @st.composite
    def build(draw: st.DrawFn) -> Generated:
        if draw(st.booleans()):
            (who, method, path, values), fields = draw(forms)
        else:
            address, fields = draw(addresses)
            path = address.route % {name: quote(draw(keys).encode(), safe="") for name in address.names}
            who, method, values = draw(people), draw(_METHOD), {}
        query = draw(fields)
        if draw(st.booleans()):
            query, values = [], {**values, **dict(query)}
        body, kind = b"", ""
        if method in ("POST", "PUT"):
            kind = draw(_KINDS)
            body = draw(_BODIES) if draw(_IS_ODD_BODY) else _body(kind, values)
        else:
            query = [*values.items(), *query]
        return Generated(who, method, path[:20_000], urlencode(query), body, kind, draw(headers), draw(_COOKIES))

    return build()


def _fields(own: Collection[str], every: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Fields with values: mostly those that the form has or the view reads."""
    names = st.sampled_from(sorted(own)) | st.sampled_from(sorted(own)) | every if own else every
    return st.lists(st.tuples(names, VALUES), max_size=4)


def _body(kind: str, values: Mapping[str, str]) -> bytes:
    """The form as a browser would send it."""
    return encode_multipart(odd.BOUNDARY, values) if kind.startswith("multipart") else urlencode(values).encode()
