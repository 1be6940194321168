#!/bin/sh
# Like the real image's entry point in a container that doesn't start as root.
set -e
if [ ! -w . ]; then echo "The folder is not writable by $(id -u)." >&2; exit 1; fi
umask 0077
exec "$@"
