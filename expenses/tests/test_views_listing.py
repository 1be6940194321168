"""The expenses page: what it shows, under which filters, and what it costs."""


def test_page(client_alice):
    response = client_alice.get("/expenses/")
    assert response.status_code == 200


def test_add(client_alice):
    data = {"title": "Taxi home", "amount": "58", "currency": "ILS", "spent_on": "2026-08-20"}
    response = client_alice.post("/expenses/add/", data, follow=True)
    assert response.status_code == 200
    assert b"Taxi home" in response.content
