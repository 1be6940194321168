"""A real MongoDB and a real Valkey beside the project, for `make run`, the tests and the benchmarks.

Needs no Django, so that settings may ask it where the engines are. An address is given by the name of the variable
that settings read it from: {"MONGODB_URI": ..., "REDIS_URL": ...}.

    running()          the addresses of the engines of this checkout, or None
    engines()          context manager: reuse the engines that run, or start them and stop them at the end
    ensure_engines()   for scripts: the same until the process ends, put into os.environ for the settings
    Engines            start, watch and stop by hand (`finbrain.run`)

Every failure is an EngineError whose text is one sentence for a person, with the way out.
"""

from finbrain.embedded.engines import Engines, engines, ensure_engines
from finbrain.embedded.process import EngineError
from finbrain.embedded.state import DATA_DIR, running

__all__ = ["DATA_DIR", "EngineError", "Engines", "engines", "ensure_engines", "running"]
