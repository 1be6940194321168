"""Find the merchant in texts of Indian transfers (UPI, IMPS, NEFT, RTGS) and in messages about a payment. Pure.

"upi/401234567890/ola/olamoney@axis/axis bank" becomes "ola": numbers, codes of banks, handles and gateways don't say
what was bought. Texts are in lower case. Any other text stays as it is.
"""

import re

_TRANSFER = re.compile(r"(?:upi|imps|neft|rtgs)(?: [dc]r)?\s*[/:|-]")
_SEPARATORS = re.compile(r"\s*[/:|-]\s*")
_BANK = (
    r"(?:axis|hdfc|icici|sbi|kotak|yes|ybl|pnb|bob|canara|idfc|indusind|federal|rbl|hsbc|citi|sbin|icic|utib|kkbk|yesb|"
    r"punb|barb|paytm|phonepe|gpay|google ?pay|bharatpe|billdesk|razorpay|rzp|ccavenue|cashfree|payu)"
)
_NOISE = re.compile(
    r"(?:upi|imps|neft|rtgs)?(?: ?[dc]r)?|p2[am]|ref|rrn|inb|mob|payments?(?: from (?:phone|app))?|collect|n\.?a|null|"
    r"\S*(?:\d\S*){3}|[a-z]{4}0\w{6}|[x*]+|.*\bbank(?: of [a-z]+)?(?: ltd)?|"
    + _BANK
    + r"(?: mahindra| first)?(?: payments?)?(?: ltd)?"
)
_MESSAGE = re.compile(
    r"(?=.*\b(?:spent|debited|sent|deducted|charged)\b)(?=.*\b(?:a/c|acct|account|card|vpa|upi|bank)\b)"
    r".*?(?:;\s*(?P<credited>[^;]+?) credited|"
    r"(?:\brs\.?|\binr|₹)\s?\d[\d,.]*.*?\b(?:at|towards|to(?: vpa)?|info:?)\s(?P<paid>[^.;@(]+?)"
    r"(?:\s(?:on|upi|ref|avl|via)\b|[.;@(]|$))"
)


def unwrapped(text: str) -> str:
    """Return the merchant, and what the payer wrote about the payment, of a text in lower case."""
    if message := _MESSAGE.match(text):
        return (message["credited"] or message["paid"]).strip()
    if not _TRANSFER.match(text):
        return text
    parts = _SEPARATORS.split(text)
    kept = [part for part in parts if "@" not in part and not _NOISE.fullmatch(part)]
    kept = kept or [part.split("@")[0] for part in parts if "@" in part]
    return " ".join(dict.fromkeys(kept)) or text
