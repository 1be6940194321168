"""An in-process cache that drops the least recently used values first."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LRU(Generic[K, V]):
    """A thread-safe cache of at most `size` values, or of values with a total weight of `size`.

    Values are shared, so callers must not change them. The value used last is always kept, whatever its weight.
    """

    def __init__(self, size: int, weigh: Callable[[V], int] = lambda value: 1) -> None:
        self.size = size
        self._weigh = weigh
        self._lock = threading.Lock()
        self._values: OrderedDict[K, V] = OrderedDict()
        self._weight = 0

    def get(self, key: K) -> V | None:
        """The value kept under `key`, or None."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[K]) -> dict[K, V]:
        """The values of those `keys` that are kept."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
            for key in found:
                self._values.move_to_end(key)
            return found

    def put(self, key: K, value: V) -> None:
        """Keep one value."""
        self.put_many({key: value})

    def put_many(self, values: Mapping[K, V]) -> None:
        """Keep several values."""
        with self._lock:
            for key, value in values.items():
                self._remove(key)
                self._values[key] = value
                self._weight += self._weigh(value)
            while len(self._values) > 1 and self._weight > self.size:
                self._remove(next(iter(self._values)))

    def drop(self, key: K) -> None:
        """Forget one value, if it is kept."""
        with self._lock:
            self._remove(key)

    def clear(self) -> None:
        """Forget all values."""
        with self._lock:
            self._values.clear()
            self._weight = 0

    def _remove(self, key: K) -> None:
        if key in self._values:
            self._weight -= self._weigh(self._values.pop(key))
