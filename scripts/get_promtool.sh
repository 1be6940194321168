#!/bin/sh
# Extract promtool from Debian's or Ubuntu's package of Prometheus into .venv/, without installing or starting a server.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get download -q prometheus && dpkg-deb --extract prometheus_*.deb .)
cp "$folder/usr/bin/promtool" .venv/promtool
