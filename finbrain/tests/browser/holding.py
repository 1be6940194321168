"""Refuses and holds requests of a page, to see what it does while an answer is late or doesn't come."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route

from finbrain.tests.waiting import until


class Requests:
    """A page's requests to addresses that match. They are intercepted all the time.

    Chromium sometimes loses the event of a request that begins soon after interception was turned off and on again.
    refused: requests to addresses with this text fail; "" for none.
    """

    def __init__(self, page: Page, addresses: re.Pattern[str]) -> None:
        self.refused = self._to_hold = ""
        self._page, self._held = page, list[Route]()
        page.route(addresses, self._meet)

    def _meet(self, route: Route) -> None:
        if self.refused and self.refused in route.request.url:
            route.abort()
        elif self._to_hold and self._to_hold in route.request.url:
            self._held.append(route)
        else:
            route.continue_()

    @contextmanager
    def held(self, text: str) -> Iterator[None]:
        """Context manager that ends once a request to an address with this text has begun, which then waits."""
        self._to_hold = text
        yield
        until(
            lambda: bool(self._held), "the request", pause=lambda seconds: self._page.wait_for_timeout(seconds * 1000)
        )
        self._to_hold = ""

    def let_go(self) -> None:
        """Let the request that waits go on."""
        self._held.pop().continue_()
