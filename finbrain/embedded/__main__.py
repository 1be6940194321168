"""`python -m finbrain.embedded COMMAND…`: run a command with this checkout's engines, started for it if need be."""

import signal
import subprocess
import sys

from finbrain.embedded import EngineError, ensure_engines


def main() -> int:
    try:
        ensure_engines()
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    child = subprocess.Popen([sys.executable, *sys.argv[1:]])
    # Ctrl-C reaches the command as well: a shell goes on after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
