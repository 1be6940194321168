"""Text in spreadsheets that they would take for a formula, and execute."""

import re
from typing import Any

# Excel in Japan takes the wide forms for the narrow ones.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def harmless(value: Any) -> Any:
    """Text that spreadsheets do not execute. Numbers such as -12.50 stay numbers."""
    if isinstance(value, str) and _FORMULA.match(value) and not is_number(value):
        return f"'{value}"
    return value


def original(text: str) -> str:
    """The text of which `harmless` made this one."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def unmistakable(text: str) -> str:
    """Of text that needs not be made harmless: what `original` takes for that text."""
    return f"'{text}" if original(text) != text else text


def is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()
