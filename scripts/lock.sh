#!/bin/sh
# Write requirements*.txt from requirements*.in, with versions and hashes for Python 3.11 and newer on any system.
# Locked versions stay while they fit. --upgrade takes the newest of all packages, --upgrade-package NAME of one.
set -eu
cd "$(dirname "$0")/.."
# In this order, because each file keeps the versions of those before it.
for name in requirements requirements-engines requirements-dev requirements-validate; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --fork-strategy fewest \
        --output-file "$name.txt" "$name.in" "$@"
done
if grep -n "://" requirements*.txt; then
    echo "A lock file contains an address. It must only list packages." >&2
    exit 1
fi
