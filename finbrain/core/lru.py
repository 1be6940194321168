"""Months that this process has read lately: to turn a year of what the cache holds back into numbers takes longer than
everything else about a page. Their keys carry the month's token, so nothing here is ever too old.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The `size` values used last. What comes out is shared: it must not be changed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._lock = threading.Lock()
        self._values: OrderedDict[str, T] = OrderedDict()

    def get_many(self, keys: Iterable[str]) -> dict[str, T]:
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
            return found

    def put_many(self, values: Mapping[str, T]) -> None:
        with self._lock:
            self._values.update(values)
            while len(self._values) > self.size:
                self._values.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()
