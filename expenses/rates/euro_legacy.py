"""The currencies that the euro replaced in 1999 and 2001, at the rates that are fixed by law.

Council Regulations (EC) 2866/98 and 1478/2000: units for one euro, six digits each.
"""

from datetime import date
from decimal import Decimal

from expenses.models.rate import RateKind
from expenses.rates.compact import DayRate

SOURCE = "EU"
_FROM_1999 = date(1999, 1, 1)
_FROM_2001 = date(2001, 1, 1)

_UNITS: dict[str, tuple[str, date]] = {
    "ATS": ("13.7603", _FROM_1999),
    "BEF": ("40.3399", _FROM_1999),
    "DEM": ("1.95583", _FROM_1999),
    "ESP": ("166.386", _FROM_1999),
    "FIM": ("5.94573", _FROM_1999),
    "FRF": ("6.55957", _FROM_1999),
    "GRD": ("340.750", _FROM_2001),
    "IEP": ("0.787564", _FROM_1999),
    "ITL": ("1936.27", _FROM_1999),
    "LUF": ("40.3399", _FROM_1999),
    "NLG": ("2.20371", _FROM_1999),
    "PTE": ("200.482", _FROM_1999),
}


def fixed_rate(code: str, day: date) -> DayRate | None:
    """Return the rate that is fixed by law on this day, None if there is none."""
    digits, since = _UNITS.get(code, ("", date.max))
    return DayRate(Decimal(digits), day, SOURCE, RateKind.PEGGED.value) if day >= since else None
