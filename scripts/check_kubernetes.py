"""Checks that rendered objects fit together: `kubectl kustomize FOLDER | check_kubernetes.py`.

Schemas only check single objects. This finds names of missing objects, labels that select nothing, and missing ports
and secrets. Prints what is wrong and then exits with 1.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
APPLY = ROOT / "deploy" / "kubernetes" / "apply.sh"
DEPLOYMENT = ROOT / "docs" / "deployment.md"
Thing = dict[str, Any]


class Cluster:
    """The rendered objects, by kind and name."""

    def __init__(self, things: list[Thing]) -> None:
        self.things = things
        self.names = {(thing["kind"], thing["metadata"]["name"]) for thing in things}

    def kind(self, name: str) -> list[Thing]:
        return [thing for thing in self.things if thing["kind"] == name]

    def pods(self) -> Iterator[Thing]:
        """The pod templates of all objects."""
        for thing in self.things:
            spec = thing.get("spec", {})
            spec = spec.get("jobTemplate", {}).get("spec", spec)
            if "template" in spec:
                yield spec["template"]

    def selected(self, selector: Thing) -> list[Thing]:
        """The pod templates that a selector selects (plain labels, or matchLabels and matchExpressions)."""
        labels = selector.get("matchLabels", {} if "matchExpressions" in selector else selector)
        wanted = [(key, {value}) for key, value in labels.items()]
        wanted += [(each["key"], set(each["values"])) for each in selector.get("matchExpressions", [])]
        return [pod for pod in self.pods() if all(pod["metadata"]["labels"].get(key) in some for key, some in wanted)]


def ports(pods: list[Thing]) -> set[str]:
    """The names of the pods' ports."""
    return {port["name"] for pod in pods for box in pod["spec"]["containers"] for port in box.get("ports", [])}


def wrong_references(cluster: Cluster) -> Iterator[str]:
    """Find references from pods, the ingress and the autoscaler to objects that don't exist."""
    for pod in cluster.pods():
        yield from (f"no ServiceAccount {name}" for name in missing(cluster, "ServiceAccount", service_account(pod)))
        for box in pod["spec"]["containers"]:
            named = [source["configMapRef"]["name"] for source in box["envFrom"]]
            yield from (f"no ConfigMap {name}" for name in missing(cluster, "ConfigMap", named))
    for scaler in cluster.kind("HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        yield from (f"no {target['kind']} {name}" for name in missing(cluster, target["kind"], [target["name"]]))
    for ingress in cluster.kind("Ingress"):
        for path in [path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]:
            service = path["backend"]["service"]
            offered = {
                port["name"]
                for thing in cluster.kind("Service")
                if thing["metadata"]["name"] == service["name"]
                for port in thing["spec"]["ports"]
            }
            if service["port"]["name"] not in offered:
                yield f"no port {service['port']['name']} of a Service {service['name']}"


def missing(cluster: Cluster, kind: str, names: list[str]) -> list[str]:
    return [name for name in names if (kind, name) not in cluster.names]


def service_account(pod: Thing) -> list[str]:
    return [pod["spec"]["serviceAccountName"]]


def wrong_selectors(cluster: Cluster) -> Iterator[str]:
    """Find labels that select no pod, and ports that the selected pods don't have."""
    for thing in cluster.things:
        spec, called = thing.get("spec", {}), f"{thing['kind']} {thing['metadata']['name']}"
        selector = spec.get("selector", spec.get("podSelector"))
        if selector is None:
            continue
        pods = cluster.selected(selector)
        if not pods:
            yield f"{called} selects no pod"
        wanted = {port["targetPort"] for port in spec.get("ports", [])}
        wanted |= {port["port"] for rule in spec.get("ingress", []) for port in rule["ports"]}
        yield from (f"{called}: no selected pod has a port {name}" for name in sorted(wanted - ports(pods)))


def wrong_secrets(cluster: Cluster) -> Iterator[str]:
    """Find secret files in the settings that the docs' command doesn't create, and the other way round."""
    made = set(re.findall(r"--from-file=(\w+)", DEPLOYMENT.read_text()))
    for settings in cluster.kind("ConfigMap"):
        named = {Path(path).name for name, path in settings["data"].items() if name.endswith("_FILE")}
        yield from (f"the command in the docs doesn't create the secret {name}" for name in sorted(named - made))
        yield from (f"no setting uses the secret {name}" for name in sorted(made - named))
    mounted = {volume["secret"]["secretName"] for pod in cluster.pods() for volume in pod["spec"]["volumes"][:1]}
    if mounted != {"finbrain-secrets"}:
        yield f"pods mount {sorted(mounted)}"


def wrong_order(cluster: Cluster) -> Iterator[str]:
    """Find objects that apply.sh selects or waits for but that don't exist."""
    script = APPLY.read_text()
    labels = {thing["metadata"].get("labels", {}).get("app.kubernetes.io/component") for thing in cluster.things}
    wanted = set(re.findall(r"component in \((\w+)\)", script))
    yield from (f"apply.sh: nothing has the component {name}" for name in sorted(wanted - labels))
    for kind, name in re.findall(r"\b(job|deployment)/([\w-]+)", script):
        yield from (f"apply.sh: no {kind} {each}" for each in missing(cluster, kind.capitalize(), [name]))


def main() -> int:
    cluster = Cluster([thing for thing in yaml.safe_load_all(sys.stdin) if thing])
    checks = (wrong_references, wrong_selectors, wrong_secrets, wrong_order)
    wrong = [line for check in checks for line in check(cluster)]
    print("\n".join(wrong) or f"{len(cluster.things)} objects fit together.")
    return 1 if wrong or not cluster.things else 0


if __name__ == "__main__":
    sys.exit(main())
