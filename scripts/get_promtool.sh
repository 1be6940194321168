#!/bin/sh
# Put promtool into .venv/ out of Debian's or Ubuntu's package of Prometheus, which is not installed: no server starts.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get download -q prometheus && dpkg-deb --extract prometheus_*.deb .)
cp "$folder/usr/bin/promtool" .venv/promtool
