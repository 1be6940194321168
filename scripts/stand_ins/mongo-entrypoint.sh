#!/bin/bash
# Does what the real image does with compose.yaml's variables and files. In an empty folder, it creates the root user and
# runs /docker-entrypoint-initdb.d on a private server without a replica set. Then it starts the given server.
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
