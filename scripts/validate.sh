#!/bin/sh
# Check the files that deploy FinBrain against their programs' schemas, and the types of its scripts.
# Needs no database, and the network only to install TypeScript the first time.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
"$bin/hadolint" Dockerfile
"$bin/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml
"$bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
"$bin/check-jsonschema" --builtin-schema vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
"$bin/check-jsonschema" --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/bug.yml .github/ISSUE_TEMPLATE/idea.yml
"$bin/zizmor" --offline --no-progress --quiet --min-severity medium .github
find deploy/kubernetes -name '*.yaml' -not -name kustomization.yaml -exec "$bin/kubernetes-validate" --quiet --strict {} +
kubectl=$(command -v "$bin/kubectl" || command -v kubectl || true)
if [ -n "$kubectl" ]; then
    rendered=$(mktemp --suffix .yaml)
    trap 'rm -f "$rendered"' EXIT
    "$kubectl" kustomize deploy/kubernetes/example > "$rendered"
    "$bin/kubernetes-validate" --quiet --strict "$rendered"
    "$bin/python" scripts/check_kubernetes.py < "$rendered"
else
    echo "kubectl is not installed, so the manifests that kustomize renders are not checked." >&2
fi
scripts/check_monitoring.sh
# SC1007: `name= other=` empties variables on purpose.
"$bin/shellcheck" --exclude SC1007 scripts/*.sh scripts/stand_ins/*.sh deploy/kubernetes/*.sh .ci/run
scripts/check_types.sh
echo "All deployment files are valid."
