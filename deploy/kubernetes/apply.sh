#!/bin/sh
# Bring a cluster to what an overlay says, in the right order: `apply.sh FOLDER`. Ends with 1 when something did not come up.
#
# Settings first, then migrations and model in a Job, and only after it ended well the processes that need them. The old
# web pods serve meanwhile. Run again it changes nothing but what differs.
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
