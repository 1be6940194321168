"""When Python searches for garbage: what refers to itself. All else goes at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# How many new objects begin a search. Python's default is 700, which is several searches in each request.
_NEW_OBJECTS = 10_000


def keep_what_is_loaded() -> None:
    """Never search what is loaded now, and search the rest less often. Workers do this before their first request.

    Searching what is loaded again and again cost a long request a fifth of its time, and short ones 5 % of theirs.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


@contextmanager
def uncollected() -> Iterator[None]:
    """Search no garbage while a request makes many objects that stay: the search took half of the time.

    Other threads' garbage waits, too, so this is for a second at most.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
