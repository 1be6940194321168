#!/bin/sh
# As the real image's, for a container that does not start as root.
set -e
if [ ! -w . ]; then echo "The folder is not writable by $(id -u)." >&2; exit 1; fi
umask 0077
exec "$@"
