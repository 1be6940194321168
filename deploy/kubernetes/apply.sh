#!/bin/sh
# Apply an overlay to a cluster in the right order: `apply.sh FOLDER`. Exits with 1 if something does not start.
#
# Settings come first, then a Job for migrations and rates, and only after its success the processes that need them.
# The old web pods serve people in the meantime. Running it again only changes what differs.
set -eu
overlay=${1:?usage: $0 FOLDER}
rendered=$(mktemp)
trap 'rm -f "$rendered"' EXIT
kubectl kustomize "$overlay" > "$rendered"
namespace=$(sed -n 's/^namespace: *//p' "$overlay/kustomization.yaml")

kubectl apply -f "$rendered" --selector 'app.kubernetes.io/component in (settings)'
kubectl --namespace "$namespace" get secret finbrain-secrets > /dev/null
kubectl --namespace "$namespace" delete job finbrain-prepare --ignore-not-found --wait
kubectl apply -f "$rendered" --selector 'app.kubernetes.io/component in (prepare)'
if ! kubectl --namespace "$namespace" wait --for=condition=complete --timeout=30m job/finbrain-prepare; then
    kubectl --namespace "$namespace" logs --tail=50 --selector app.kubernetes.io/component=prepare >&2
    exit 1
fi
kubectl apply -f "$rendered"
kubectl --namespace "$namespace" rollout status --timeout=10m deployment/finbrain-web
kubectl --namespace "$namespace" rollout status --timeout=5m deployment/finbrain-scheduler
