#!/bin/sh
# Check the files that deploy FinBrain against the schemas of the programs that read them. Needs no network, no engine.
set -eu
cd "$(dirname "$0")/.."
bin=.venv/bin
"$bin/hadolint" Dockerfile
"$bin/check-jsonschema" --builtin-schema vendor.compose-spec compose.yaml
"$bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$bin/check-jsonschema" --builtin-schema vendor.dependabot .github/dependabot.yml
"$bin/zizmor" --offline --no-progress --quiet --min-severity medium .github
find deploy/kubernetes -name '*.yaml' -not -name kustomization.yaml -exec "$bin/kubernetes-validate" --quiet --strict {} +
scripts/check_monitoring.sh
for script in scripts/*.sh deploy/kubernetes/*.sh; do sh -n "$script"; done
echo "Everything that deploys FinBrain is well-formed."
