#!/bin/sh
# Scan FinBrain with three programs, each in an environment of its own: `scripts/scan.sh code`, `site`, `headers`, or all.
#   code     bandit over the Python code (configured in pyproject.toml)
#   site     wapiti against a site of its own, signed in, over HTTPS in production mode
#   headers  MDN's HTTP Observatory against the same; needs Node.js 20
# Results are in test-results/scan/. Fails if a program finds something, or if the grade is not A+.
set -eu
cd "$(dirname "$0")/.."
what=${1:-all}
results=test-results/scan
tools=$results/tools
mkdir -p "$tools"

python_tools() {
    packages="bandit==1.9.4 wapiti3==3.2.3"
    if [ "$(cat "$tools/python/.installed" 2> /dev/null)" != "$packages" ]; then
        .venv/bin/python -m venv --clear "$tools/python"
        # shellcheck disable=SC2086
        "$tools/python/bin/pip" install -qq --disable-pip-version-check $packages
        echo "$packages" > "$tools/python/.installed"
    fi
}

node_tools() {
    package="@mdn/mdn-http-observatory@1.4.8"
    if [ "$(cat "$tools/node/.installed" 2> /dev/null)" != "$package" ]; then
        rm -rf "$tools/node"
        mkdir -p "$tools/node"
        npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$tools/node" "$package"
        # Its install script would download this list. The site that is scanned isn't on it.
        echo '{}' > "$tools/node/node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json"
        echo "$package" > "$tools/node/.installed"
    fi
}

case $what in
    code | all)
        python_tools
        "$tools/python/bin/bandit" --quiet --recursive --configfile pyproject.toml \
            accounts classifier expenses finbrain scripts gunicorn.conf.py manage.py
        ;;
    site | headers) ;;
    *) echo "usage: $0 [code|site|headers]" >&2; exit 2 ;;
esac
case $what in
    site | all)
        python_tools
        .venv/bin/python -m scripts.scan_site wapiti "$results" "$tools/python/bin/wapiti"
        ;;
esac
case $what in
    headers | all)
        node_tools
        .venv/bin/python -m scripts.scan_site observatory "$results" "$tools/node/node_modules/@mdn/mdn-http-observatory"
        ;;
esac
