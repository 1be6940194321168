import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import normalise, normalise_for_kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coffee with Dana", "coffee with dana"),
        ("  CAFÉ   Zürich ", "cafe zurich"),
        ("TESCO STORES 3297 LONDON GB", "tesco stores london"),
        ("Tesco stores 2841, London", "tesco stores london"),
        ("SQ *BLUE BOTTLE COFFEE San Francisco CA", "sq blue bottle coffee san francisco"),
        ("TST* THE GRILL - 123", "tst the grill"),
        ("EB *SUMMER NIGHTS 8014137200", "eb summer nights"),
        ("SQ *", "sq"),
        ("PAYPAL *STEAM GAMES 4029357733", "steam games"),
        ("POS PURCHASE 4532 SHOPRITE SANDTON CIT ZA", "shoprite sandton cit"),
        ("PURCHASE AUTHORIZED ON 04/12 TRADER JOE'S #123 SEATTLE WA P00302012 CARD 1234", "trader joes seattle"),
        ("CHECKCARD 0412 SHELL OIL 57444 AUSTIN TX", "shell oil austin"),
        ("McDonald's F1234", "mcdonalds"),
        ("M & S SIMPLY FOOD", "m&s simply food"),
        ("AT&T BILL PAYMENT", "at&t bill payment"),
        ("7-ELEVEN 33221", "seveneleven"),
        ("UBER   *EATS HELP.UBER.COM", "uber eats help uber"),
        ("UPI/123456789012/ZOMATO/zomato@hdfcbank", "zomato"),
        ("www.netflix.com", "netflix"),
        ("Kartenzahlung REWE SAGT DANKE 12.03.", "rewe sagt danke"),
        ("CARTE 12/03 MONOPRIX PARIS", "monoprix paris"),
        ('שופרסל דיל בע"מ 123', "שופרסל דיל"),
        ("קָפֶה בְּחוּ״ל", "קפה בחול"),
        ("\u200fקפה\u200e", "קפה"),
        ("Visa application fee", "visa application fee"),
        ("bus 55 to work", "bus to work"),
        ("12345", "12345"),
        ("pos", "pos"),
        ("😀", "😀"),
        ("", ""),
        ("\0\u200f ", ""),
        ("ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
    ],
)
def test_normalise(text, expected):
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREDIT CRD AUTOPAY 221133", "credit crd autopay"),
        ("ATM WITHDRAWAL 00219 7TH AVE NEW YORK", "atm withdrawal 7th ave new york"),
        ("TRANSFER TO ACCT 1234", "transfer to acct"),
        ("PAGO TARJETA VISA", "pago tarjeta visa"),
        ("CARTE 12/03 MONOPRIX PARIS", "carte monoprix paris"),
        ("POS WITHDRAWAL 4411", "pos withdrawal"),
        ("CARD PAYMENT TO TESCO", "card payment to tesco"),
        ("VENMO *DAVID", "venmo david"),
        ("משיכת מזומן", "משיכת מזומן"),
    ],
)
def test_the_words_of_banks_stay_for_kinds(text, expected):
    assert normalise_for_kind(text) == expected


@given(st.text(max_size=200))
def test_any_text_gives_words_one_space_apart_without_controls(text):
    found = normalise(text)
    assert found == " ".join(found.split())
    assert not any(unicodedata.category(char) in ("Cc", "Cf") for char in found)


@given(st.text(alphabet="fgjkq קפה", min_size=1, max_size=60))
def test_case_and_numbers_make_no_difference(text):
    assert normalise(text) == normalise(text.upper()) or text.isupper()
    assert normalise(f"word {text} 48213") == normalise(f"word {text}")


def test_a_huge_text_is_cut():
    assert len(normalise("ab " * 10_000)) <= 400
