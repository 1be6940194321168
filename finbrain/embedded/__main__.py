"""`python -m finbrain.embedded COMMAND…`: run a command with this checkout's engines, starting them if necessary."""

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
    # Ctrl-C also reaches the command, and a shell continues after it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()


if __name__ == "__main__":
    sys.exit(main())
