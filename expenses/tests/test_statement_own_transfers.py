"""Rows that only move money between a person's own accounts, as banks and wallets name them."""

import pytest

from expenses.tests.statement_reading import read_lines


def kind_of(head: str, row: str, *others: str) -> str:
    found = read_lines(head, row, *others)
    return str(found.entries[0].kind)


@pytest.mark.parametrize(
    "kind", ["EXCHANGE", "Umtausch", "Échange", "Pot transfer", "General Currency Conversion", "Egen overføring"]
)
def test_a_kind_that_only_banks_give_to_own_transfers(kind):
    others = ("2026-03-05;Card payment;Harbour Books;-45.25", "2026-03-16;Transfer;Lena Park;-25.00")
    found = read_lines("Date;Type;Description;Amount", f"2026-03-02;{kind};Holidays;-300.00", *others)
    assert [str(one.kind) for one in found.entries] == ["moved", "", ""]


@pytest.mark.parametrize("other", ["Überweisung", "Dauerauftrag", "Gutschrift"])
def test_an_own_transfer_says_nothing_about_the_other_kinds_of_a_bank(other):
    others = (f"05.03.2026;{other};Jonas Keller;-45,25", "16.03.2026;Lastschrift;Stadtwerke;-60,00")
    found = read_lines("Datum;Umsatzart;Empfänger;Betrag", "02.03.2026;Umbuchung;M Muster;-300,00", *others)
    assert [str(one.kind) for one in found.entries] == ["moved", "", ""]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Exchanged to USD", "moved"),
        ("Umgetauscht in GBP", "moved"),
        ("Von Hauptkonto zu Urlaub", "moved"),
        ("Överföring sparkonto", "moved"),
        ("Virement interne depuis le livret", "moved"),
        ("Transfer to savings 4411", "moved"),
        ("Giroconto a conto risparmio", "moved"),
        ("Kontoübertrag, Max Muster, Sparkonto", "moved"),
        ("De Compte Principal vers Vacances", "moved"),
        ("200,00 EUR in 171,20 GBP umgerechnet", "moved"),
        ("Converted 200.00 EUR to 171.20 GBP", "moved"),
        ("Diner Six 30.00 USD 27.65 EUR", ""),
        ("Diner Six New York 30.00 USD to 27.65 EUR", ""),
        ("2 Pizzas 30 and 20 more", ""),
        ("Transfer to Lena Park", ""),
        ("Exchange Coffee House", ""),
        ("Exchange", ""),
        ("Converted Closet", ""),
        ("Virement de Claire", ""),
        ("Traspaso a cuenta propia/0005", "moved"),
        ("To pocket EUR Holidays from EUR", "moved"),
        ("Transfer to savings from checking", "moved"),
        ("To Pocket Shop", ""),
        ("Transfer to Pot Belly", ""),
        ("Transfer to Space NK", ""),
        ("Transfer to Savings Bakery", ""),
        ("Exchanged to Order Furniture", ""),
        ("Cambiado a mano Zapatos", ""),
        ("Échange en ligne", ""),
        ("An Pocket Verlag", ""),
        ("Da poupança ao sonho", ""),
        ("Traspaso a cuenta de terceros", ""),
        ("Traspaso entre amigos", ""),
        ("Umbuchung GmbH", ""),
        ("Przelew własny dom Sp. z o.o.", ""),
        ("Overføring til egen kafe", ""),
        ("Purchase 20.00 USD at 18.40 EUR", ""),
        ("Kurs 1.00 EUR entspricht 1.08 USD", ""),
    ],
)
def test_titles_that_begin_like_own_transfers(title, kind):
    others = ("2026-03-05;Corner Bakery;-4.25", "2026-03-16;Acorn Works;2150.00")
    assert kind_of("Date;Description;Amount", f"2026-03-02;{title};-300.00", *others) == kind


@pytest.mark.parametrize(
    ("purpose", "kind"), [("Naar spaarrekening", "moved"), ("UEBERTRAG SPARKONTO", "moved"), ("sparen voor later", "")]
)
def test_a_purpose_says_that_an_account_is_the_own_one(purpose, kind):
    head = "Datum;Bedrag;Naam tegenpartij;Omschrijving"
    others = ("2026-03-05;-45,25;Boekhandel Uil;roman", "2026-03-16;2150,00;Eikel Werken;loon")
    assert kind_of(head, f"2026-03-02;-100,00;M. Muster;{purpose}", *others) == kind


@pytest.mark.parametrize(
    "note", ["12.40 EUR to 13.20 USD", "Converted 12.40 EUR to 13.20 USD", "Kurs 1.00 EUR gleich 1.08 USD"]
)
def test_the_conversion_of_a_purchase_in_its_note_is_no_own_transfer(note):
    others = ("2026-03-05;Corner Bakery;-4.25;croissants", "2026-03-16;Acorn Works;2150.00;wages")
    assert kind_of("Date;Merchant;Amount;Details", f"2026-03-02;Diner Six;-12.40;{note}", *others) == ""
