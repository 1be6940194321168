#!/bin/sh
# Check the types in the comments of static/js with TypeScript. Builds nothing.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm > /dev/null; then
    echo "npm is not installed, so the types of static/js are not checked. Install it (Debian, Ubuntu: apt-get install npm)." >&2
    if [ -n "${CI:-}" ]; then exit 1; fi
    exit 0
fi
installed=node_modules/.installed
if ! cmp -s package-lock.json "$installed"; then
    npm ci --silent --no-audit --no-fund
    cp package-lock.json "$installed"
fi
node_modules/.bin/tsc --project jsconfig.json
