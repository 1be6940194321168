#!/bin/sh
# Build the Dockerfile without Docker Engine, and test the result: `scripts/clean_root.sh [FOLDER]`.
#
# Replaces the python image with a Debian from debootstrap, whose Python is put where the image has it. buildah then runs
# the Dockerfile in a chroot. The result is started as the image's user with its own MongoDB and Valkey, and tested. Needs
# root, Debian's buildah and debootstrap, and the environment that `make test` creates. FOLDER (2 GB, by default a new
# one) keeps the Debian for the next time.
set -eu
cd "$(dirname "$0")/.."
checkout=$(pwd)
work=${1:-$(mktemp -d /var/tmp/finbrain-clean-root.XXXXXX)}
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
base=$(sed -n 's/^FROM \(python:[^ ]*\).*/\1/p' Dockerfile | head -n 1)
release=${base##*-}
image=finbrain:clean-root
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot

if [ "$(id -u)" != 0 ]; then echo "$0 needs root, for chroot." >&2; exit 2; fi
for tool in buildah debootstrap; do
    command -v $tool > /dev/null || { echo "$0 needs $tool: apt-get install buildah debootstrap" >&2; exit 2; }
done

if [ ! -e "$work/debian/usr/local/bin/pip" ]; then
    echo "== A clean Debian $release in $work"
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates "$release" "$work/debian" "$mirror"
    chroot "$work/debian" python3 -m venv --system-site-packages /usr/local
    rm -f "$work"/debian/var/cache/apt/archives/*.deb
    # The machine may trust its own authorities.
    cp /etc/ssl/certs/ca-certificates.crt "$work/debian/etc/ssl/certs/"
fi
echo "== As docker.io/library/$base"
container=$(buildah from scratch)
buildah add --quiet "$container" "$work/debian" / > /dev/null
buildah config --env PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin "$container"
buildah commit --quiet --rm "$container" "docker.io/library/$base" > /dev/null

echo "== The Dockerfile of $(git describe --always --dirty)"
rm -rf "$work/context"
mkdir "$work/context"
git archive HEAD | tar -x -C "$work/context"
printf '[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n' > "$work/pip.conf"
buildah build --pull-never --format docker --volume "$work/pip.conf:/etc/pip.conf:ro" --tag "$image" "$work/context"

echo "== The image"
buildah images
container=$(buildah from --pull-never "$image")
trap 'buildah rm "$container" > /dev/null' EXIT
root=$(buildah mount "$container")
du -sh "$root/opt/venv" "$root/app"
for tool in cc gcc ld make; do
    if chroot "$root" sh -c "command -v $tool"; then echo "The image contains a compiler: $tool" >&2; exit 1; fi
done
"$checkout/.venv/bin/python" scripts/try_image.py "$container"
