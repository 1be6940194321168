#!/bin/sh
# Write requirements*.txt from requirements*.in: every version with its hashes, for Python 3.11 and newer on any system.
# What is locked stays as it is while it fits; --upgrade takes the newest of all, --upgrade-package NAME of one.
set -eu
cd "$(dirname "$0")/.."
# In this order: each keeps to the versions of those before it.
for name in requirements requirements-engines requirements-dev requirements-validate; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --fork-strategy fewest \
        --output-file "$name.txt" "$name.in" "$@"
done
if grep -n "://" requirements*.txt; then
    echo "A lock names an address: it must hold packages only." >&2
    exit 1
fi
