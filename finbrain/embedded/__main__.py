"""`python -m finbrain.embedded COMMAND…`: run a command with this checkout's engines, started for it if need be."""

import subprocess
import sys

from finbrain.embedded import EngineError, ensure_engines


def main() -> int:
    try:
        ensure_engines()
    except EngineError as error:
        print(error, file=sys.stderr)
        return 1
    return subprocess.run([sys.executable, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
