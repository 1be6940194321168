"""Addresses that only accept forms."""

import pytest


@pytest.mark.parametrize("path", ["/expenses/add/", "/expenses/several/", "/accounts/demo/"])
def test_opening_one_gives_a_page_that_says_so(client_alice, path):
    answer = client_alice.get(path)
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "This address only accepts forms." in answer.content.decode()


def test_programs_get_no_page(client_alice):
    assert not client_alice.get("/expenses/add/", headers={"Accept": "application/json"}).content
    assert not client_alice.put("/expenses/add/").content
