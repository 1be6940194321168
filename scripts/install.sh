#!/bin/sh
# Create .venv and install missing packages into it: `scripts/install.sh run`, `dev` or `validate`.
# Does nothing and needs no network if the requirements have not changed.
set -eu
cd "$(dirname "$0")/.."
kind=${1:-run}
venv=.venv
case $kind in
    run) files="requirements.txt requirements-engines.txt" ;;
    dev) files="requirements.txt requirements-engines.txt requirements-dev.txt" ;;
    validate) files="requirements.txt requirements-engines.txt requirements-dev.txt requirements-validate.txt" ;;
    *) echo "usage: $0 run|dev|validate" >&2; exit 2 ;;
esac

if ! "$venv/bin/python" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    found= old= bare=
    for name in ${PYTHON:-python3.14 python3.13 python3.12 python3.11 python3}; do
        "$name" -c 'pass' 2>/dev/null || continue
        if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then old="$("$name" --version 2>&1)"; continue; fi
        if ! "$name" -c 'import venv, ensurepip' 2>/dev/null; then bare="$("$name" --version 2>&1)"; continue; fi
        found=$name
        break
    done
    if [ -z "$found" ]; then
        if [ -n "$bare" ]; then
            echo "$bare has no venv module. Install it (Debian, Ubuntu: apt-get install python3-venv)." >&2
        elif [ -n "$old" ]; then
            echo "FinBrain needs Python 3.11 or newer, but found only $old. Install it, or set its path: make run PYTHON=/path/to/python3" >&2
        else
            echo "FinBrain needs Python 3.11 or newer, but found none. Install it, or set its path: make run PYTHON=/path/to/python3" >&2
        fi
        exit 1
    fi
    echo "Creating .venv with $("$found" --version)."
    "$found" -m venv --clear "$venv"
fi

# shellcheck disable=SC2086
wanted="$("$venv/bin/python" --version) $(cat $files | cksum)"
stamp="$venv/.installed-$kind"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi
echo "Installing packages. The first time, this takes about a minute."
arguments=
for file in $files; do arguments="$arguments -r $file"; done
# shellcheck disable=SC2086
if ! "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes $arguments; then
    echo "Installing failed for the reason above. Fix it (is the network available?) and run the command again." >&2
    exit 1
fi
echo "$wanted" > "$stamp"
