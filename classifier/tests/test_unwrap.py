import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.unwrap import unwrapped


@pytest.mark.parametrize(
    ("text", "merchant"),
    [
        ("upi/ola/olamoney@axis/axis bank", "ola"),
        ("upi/401234567890/dr/star bazaar/utib/starbazaar@okaxis/vegetables", "star bazaar vegetables"),
        ("upi-cafe mocha-cafemocha@ybl-yesb0ybl123-402233445566-payment from phone", "cafe mocha"),
        ("upi/p2m/403456789012/metro shoes/paytm payments bank", "metro shoes"),
        ("upi/414141414141/q71234@ybl/phonepe", "q71234"),
        ("imps-412233445566-asha rent-hdfc-xxxxxx1234-june", "asha rent june"),
        ("neft dr-sbin0001234-st marys school-fees", "st marys school fees"),
        ("neft-n123456789-lic premium-icic0000104", "lic premium"),
        ("rs.250.00 debited from a/c xx1234 on 12-05-24 to vpa swiggy@icici (upi ref 123)", "swiggy"),
        ("inr 1,499.00 spent on hdfc bank card xx1234 at croma stores on 2024-05-01", "croma stores"),
        ("icici bank acct xx123 debited for rs 250.00 on 12-may-24; chai point credited. upi:4123", "chai point"),
    ],
)
def test_the_merchant_is_what_is_left(text, merchant):
    assert unwrapped(text) == merchant


@pytest.mark.parametrize(
    "text",
    ["", "upi", "upi/", "lunch - dinner", "imps charges", "neft fee", "sent money to the bank", "from here to there"],
)
def test_other_texts_stay_as_they_are(text):
    assert unwrapped(text) == text


@given(st.text(alphabet="upimsneftrgd/-:|@ 0123456789.;()x", max_size=200))
def test_any_text_leaves_something(text):
    assert unwrapped(text) or not text
