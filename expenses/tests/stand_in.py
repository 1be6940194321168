"""A stand-in for Frankfurter's version 2, in the shapes that its documentation shows. All values are invented."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import responses

from expenses.tests import ecb

URL = "https://rates.example.com"

# {bank: {currency: {ISO day: digits}}}. What all of them publish is blended.
Banks = dict[str, dict[str, dict[str, str]]]


def days(first: str, count: int, digits: str = "48.5", step: str = "0.01") -> dict[str, str]:
    """Rates of `count` days in a row that rise by `step`."""
    start, (rate, rise) = date.fromisoformat(first), map(float, (digits, step))
    return {str(start + timedelta(days=n)): f"{rate + n * rise:.6g}" for n in range(count)}


@dataclass
class StandIn:
    """The service. banks: what each publishes. own: bank -> the currency that it quotes as its own.

    pegged: currencies with a rate by law. doubled: rows to add as they are. unknown: currencies that answer 422.
    ecb: what the ECB publishes. failing: the status of every answer, None if it works. missing: paths that it doesn't
    serve. ended: the last day of a bank.
    """

    banks: Banks = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    pegged: dict[str, dict[str, str]] = field(default_factory=dict)
    doubled: list[dict[str, Any]] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    ended: dict[str, str] = field(default_factory=dict)
    ecb: dict[str, dict[str, str]] = field(default_factory=dict)
    failing: int | None = None
    missing: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def answer(self, request: Any) -> tuple[int, dict[str, str], str]:
        """Answer a request as the service would."""
        parts = urlsplit(request.url)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.append(f"{parts.path}?{parts.query}")
        if self.failing:
            return self.failing, {}, ""
        if parts.path in self.missing:
            return 404, {}, ""
        if parts.path == "/v2/providers":
            return 200, {}, json.dumps([self._provider(key) for key in self.banks])
        if parts.path != "/v2/rates":
            return 404, {}, json.dumps({"message": "not found"})
        if query.get("providers") == "ecb":
            return 200, {}, ecb.v2_body({d: row for d, row in self.ecb.items() if query["from"] <= d <= query["to"]})
        return self._rates(query)

    def _provider(self, key: str) -> dict[str, Any]:
        return {
            "key": key.upper(),
            "name": f"Bank {key}",
            "country_code": "XX",
            "rate_type": "official",
            "pivot_currency": self.own.get(key),
            "start_date": "1999-01-04",
            "end_date": self.ended.get(key),
            "publishes_missed": False,
            "currencies": ["EUR", "USD", *self.banks[key]],
        }

    def _rates(self, query: dict[str, str]) -> tuple[int, dict[str, str], str]:
        codes = query["quotes"].split(",")
        if self.unknown & set(codes) or query.get("providers", next(iter(self.banks), "")) not in {"", *self.banks}:
            return 422, {}, json.dumps({"message": "invalid currency"})
        only = query.get("providers")
        chosen = {key: bank for key, bank in self.banks.items() if only in (None, key)}
        rows = [row for code in codes for row in self._rows(code, chosen, query.get("expand") == "providers")]
        rows += [row for row in self.doubled if row["quote"] in codes and not only]
        inside = [row for row in rows if query["from"] <= row["date"] <= query["to"]]
        return 200, {}, f"[{', '.join(map(_text, inside))}]"

    def _rows(self, code: str, banks: Banks, expand: bool) -> Iterator[dict[str, Any]]:
        """The mean of the banks for each day, with its members, and pegged rates without any."""
        for day, digits in self.pegged.get(code, {}).items():
            yield {"date": day, "base": "EUR", "quote": code, "digits": digits}
        every = sorted({day for bank in banks.values() for day in bank.get(code, {})})
        for day in every:
            found = {key: bank[code][day] for key, bank in banks.items() if day in bank.get(code, {})}
            digits = next(iter(found.values()))
            if len(found) > 1:
                digits = f"{sum(map(float, found.values())) / len(found):.8g}"
            row = {"date": day, "base": "EUR", "quote": code, "digits": digits}
            yield row | ({"providers": [key.upper() for key in found]} if expand else {})


def _text(row: dict[str, Any]) -> str:
    """A row as JSON, with the digits of its rate as they are."""
    plain = {name: value for name, value in row.items() if name != "digits"}
    return f'{json.dumps(plain)[:-1]}, "rate": {row["digits"]}}}'


@contextmanager
def serving(stand_in: StandIn) -> Iterator[StandIn]:
    """Let every request to the service be answered by the stand-in."""
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for path in ("rates", "providers", "currencies"):
            mock.add_callback("GET", f"{URL}/v2/{path}", stand_in.answer)
        yield stand_in
