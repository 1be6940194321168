#!/bin/bash
# What the real image does with the variables and files that compose.yaml gives: on an empty folder it makes the root user
# and runs /docker-entrypoint-initdb.d on a server without a replica set, for itself alone; then the server as told.
set -Eeuo pipefail
if [ -n "${MONGO_INITDB_ROOT_PASSWORD_FILE:-}" ]; then MONGO_INITDB_ROOT_PASSWORD=$(< "$MONGO_INITDB_ROOT_PASSWORD_FILE"); fi
if [ ! -e /data/db/WiredTiger ]; then
    mongod --bind_ip 127.0.0.1 --logpath /tmp/initdb.log --fork > /dev/null
    shell=(mongosh --host 127.0.0.1 --port 27017 --quiet)
    "${shell[@]}" admin << END
db.createUser({user: "$MONGO_INITDB_ROOT_USERNAME", pwd: "$MONGO_INITDB_ROOT_PASSWORD", roles: [{role: "root", db: "admin"}]})
END
    for file in /docker-entrypoint-initdb.d/*.js; do
        echo "$0: running $file"
        "${shell[@]}" "$MONGO_INITDB_DATABASE" "$file"
    done
    mongod --shutdown > /dev/null
fi
unset "${!MONGO_INITDB_@}"
exec "$@" --auth
