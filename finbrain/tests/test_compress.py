"""Which responses are compressed, and which are not."""

import gzip

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from finbrain.middleware.compress import CompressText

GZIP = {"Accept-Encoding": "gzip"}


def through(rf, response, headers=GZIP):
    return CompressText(lambda request: response)(rf.get("/", headers=headers))


def test_a_page(rf):
    answers = [through(rf, HttpResponse(b"a page " * 500)) for _ in range(20)]
    for answer in answers:
        assert answer["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in answer["Vary"]
        assert gzip.decompress(answer.content) == b"a page " * 500
    assert len({len(answer.content) for answer in answers}) > 1, "the length tells nothing"


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(b"short"),
        HttpResponse(b"PK" * 2000, content_type="application/zip"),
        StreamingHttpResponse([b"a" * 5000]),
        HttpResponse(status=304),
    ],
    ids=["short", "zip", "stream", "304"],
)
def test_not_worth_it(rf, response):
    assert "Content-Encoding" not in through(rf, response)


def test_who_does_not_ask_for_it(rf):
    assert "Content-Encoding" not in through(rf, HttpResponse(b"a page " * 500), {})


def test_the_weight_of_a_whole_page(client_alice):
    page = client_alice.get("/expenses/", headers=GZIP)
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 10_000
    again = client_alice.get("/expenses/", headers=GZIP | {"If-None-Match": page["ETag"]})
    assert again.status_code == 304
