"""The embedded engines: a real MongoDB and a real Valkey for `make run`, the tests and the benchmarks.

Doesn't need Django, so the settings can ask it for the engines' addresses. Addresses are keyed by the variable from
which the settings read them: {"MONGODB_URI": ..., "REDIS_URL": ...}.

    running()          the addresses of this checkout's engines, or None if they aren't running
    engines()          context manager: use the running engines, or start them and stop them at the end
    ensure_engines()   for scripts: the same until the process ends, with the addresses in os.environ
    Engines            for explicit control: start, watch, stop (`finbrain.run`)

Every failure raises EngineError, whose text tells people in one sentence what is wrong and what to do.
"""

from finbrain.embedded.engines import Engines, engines, ensure_engines
from finbrain.embedded.process import EngineError
from finbrain.embedded.state import DATA_DIR, running

__all__ = ["DATA_DIR", "EngineError", "Engines", "engines", "ensure_engines", "running"]
