"""Merchants' names from the texts of banks."""

import pytest

from classifier.merchant_name import merchant_name, readable


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("SQ *BLUE BOTTLE COFFEE OAKLAND CA", "Blue Bottle Coffee Oakland"),
        ("TESCO STORES 3297", "Tesco Stores"),
        ("NETFLIX.COM", "Netflix"),
        ("UPI/401234567890/OLA/OLAMONEY@AXIS/AXIS BANK", "Ola"),
        ("MCDONALD'S 331", "Mcdonald's"),
        ("CARD PAYMENT TO H&M 441", "H&M"),
        ("CAFÉ DE FLORE 4433", "Café De Flore"),
        ("DB VERTRIEB GMBH", "DB Vertrieb"),
        ("שופרסל דיל 4421", "שופרסל דיל"),
    ],
)
def test_codes_numbers_and_capitals_go(text, name):
    assert merchant_name(text) == readable(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Taxi home",
        "IKEA",
        "PAYMENT THANK YOU",
        "Flat 2045",
        "4711",
        "סופר פארם",
        "7-ELEVEN 1234",
        "🚕",
        "Tesco 3297",
    ],
)
def test_what_needs_no_cleaning_stays(text):
    assert merchant_name(text) == ""
    assert readable(text) == text
