"""The files that deploy FinBrain agree with each other and with the code. `make validate` checks their form."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from finbrain.help import guide
from finbrain.secret_files import SECRETS, SOMETIMES

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
OWN_IMAGE = "finbrain"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ONE_SHOT = {"prepare", "secrets"}


def read(pattern: str) -> str:
    return "\n".join(path.read_text() for path in ROOT.glob(pattern))


def known_variables() -> set[str]:
    """All environment variables that the code, gunicorn's configuration or the image read."""
    code = read("finbrain/*.py") + read("gunicorn.conf.py")
    named = set(
        re.findall(r"""(?:env\.\w+|environ\.get|environ\.setdefault|secret_key)\(\s*"([A-Z][A-Z0-9_]+)\"""", code)
    )
    return named | {f"{name}_FILE" for name in (*SECRETS, *SOMETIMES)}


def manifests() -> list[dict]:
    files = [path for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml"]
    return [part for path in files for part in yaml.safe_load_all(path.read_text())]


def kustomizations() -> dict[Path, dict]:
    return {path.parent: yaml.safe_load(path.read_text()) for path in KUBERNETES.rglob("kustomization.yaml")}


def pods() -> dict[str, dict]:
    """Pod specifications by the name of the object that creates the pods."""
    found = {}
    for manifest in manifests():
        spec = manifest.get("spec", {})
        spec = spec.get("jobTemplate", {}).get("spec", spec)
        if "containers" in spec.get("template", {}).get("spec", {}):
            found[manifest["metadata"]["name"]] = spec["template"]["spec"]
    return found


def own_services() -> dict[str, dict]:
    return {name: service for name, service in COMPOSE["services"].items() if OWN_IMAGE in service["image"]}


def test_the_reader_of_variables_finds_the_usual_ones():
    assert {"ALLOWED_HOSTS", "MONGODB_URI", "SITE_URL", "WEB_CONCURRENCY", "SECRET_KEY_FILE"} <= known_variables()


@pytest.mark.parametrize("name", own_services())
def test_every_variable_in_compose_is_one_that_finbrain_reads(name):
    assert set(own_services()[name].get("environment", {})) <= known_variables()


def test_every_variable_in_kubernetes_is_one_that_finbrain_reads():
    literals = [
        literal
        for kustomization in kustomizations().values()
        for generator in kustomization["configMapGenerator"]
        for literal in generator["literals"]
    ]
    assert len(literals) > 8
    assert {literal.partition("=")[0] for literal in literals} <= known_variables()


def test_every_secret_is_given_as_a_file():
    wanted = {f"{name}_FILE" for name in SECRETS}
    base = kustomizations()[KUBERNETES / "base"]["configMapGenerator"][0]["literals"]
    assert wanted <= set(COMPOSE["services"]["web"]["environment"])
    assert wanted <= {literal.partition("=")[0] for literal in base}


def test_no_secret_stands_in_a_file_of_ours():
    assert not any(manifest["kind"] == "Secret" for manifest in manifests())
    for service in own_services().values():
        assert not set(SECRETS) & set(service.get("environment", {}))


def test_every_file_that_compose_mounts_is_there():
    mounted = [
        volume.split(":")[0]
        for service in COMPOSE["services"].values()
        for volume in service.get("volumes", [])
        if volume.startswith("./")
    ]
    files = {path for path in mounted if Path(path).suffix or Path(path).name == "Caddyfile"}
    assert [path for path in files if not (ROOT / path).is_file()] == []
    assert set(mounted) - files == {"./deploy/monitoring"}


@pytest.mark.parametrize("name", COMPOSE["services"])
def test_every_service_is_restarted_watched_and_without_rights(name):
    service = COMPOSE["services"][name]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] == ("on-failure:3" if name in ONE_SHOT else "unless-stopped")
    assert "healthcheck" in service or name == "web"  # its image has one


def test_engines_are_reachable_from_inside_only():
    assert COMPOSE["networks"]["engines"]["internal"]
    for name in ("mongodb", "sessions", "cache"):
        assert COMPOSE["services"][name]["networks"] == ["engines"]
        assert "ports" not in COMPOSE["services"][name]


def test_every_resource_of_a_kustomization_is_there():
    for folder, kustomization in kustomizations().items():
        for resource in kustomization["resources"]:
            target = folder / resource
            assert (target / "kustomization.yaml" if target.is_dir() else target).exists(), target


def test_every_manifest_belongs_to_a_kustomization():
    listed = {(folder / name).resolve() for folder, k in kustomizations().items() for name in k["resources"]}
    files = {path for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml"}
    assert files <= listed


@pytest.mark.parametrize("name", ["finbrain-web", "finbrain-scheduler", "finbrain-prepare", "finbrain-retrain"])
def test_pods_run_as_nobody_and_cannot_write(name):
    pod = pods()[name]
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert f"USER {pod['securityContext']['runAsUser']}:" in (ROOT / "Dockerfile").read_text()
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert {"requests", "limits"} <= set(container["resources"])
    assert container["envFrom"] == [{"configMapRef": {"name": "finbrain"}}]


def test_a_web_pod_has_time_to_finish_its_requests():
    pod = pods()["finbrain-web"]
    [container] = pod["containers"]
    pause = int(container["lifecycle"]["preStop"]["exec"]["command"][1])
    graceful = int(re.search(r'"--graceful-timeout", "(\d+)"', (ROOT / "Dockerfile").read_text())[1])
    assert pod["terminationGracePeriodSeconds"] >= pause + graceful + 5
    assert int(COMPOSE["services"]["web"]["stop_grace_period"].rstrip("s")) >= graceful + 5


def test_commands_of_containers_exist():
    commands = [service.get("command", []) for service in own_services().values()]
    commands += [pod["containers"][0].get("command", []) for pod in pods().values()]
    managed = {command[2] for command in commands if command[:2] == ["python", "manage.py"]}
    assert managed == {"scheduler", "retrain"}
    for name in managed:
        assert list(ROOT.glob(f"*/management/commands/{name}.py"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_with_their_version_beside(path):
    used = re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert used
    for action, rest in used:
        own = action.startswith("./")
        assert own or (re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v[\d.]+", rest)), action


def test_base_images_are_written_as_dependabot_reads_them():
    stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    named = {name for _, name in stages}
    images = {image for image, _ in stages if image not in named}
    images |= {service["image"] for name, service in COMPOSE["services"].items() if name not in own_services()}
    assert len(images) == 6
    assert [image for image in images if not re.fullmatch(r"[a-z/]+:v?\d[\w.-]*(@sha256:[0-9a-f]{64})?", image)] == []


def test_nothing_private_gets_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[1] == "*"  # everything except what follows
    assert "**/.env*" in ignored
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert not let_in & {".data", ".git", ".venv", "deploy", "docs"}


def test_what_help_shows_gets_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    let_in = [ROOT / line[1:] for line in ignored if line.startswith("!")]
    shown = [*guide.FILES.values(), *(folder for _, folder in settings.GUIDE_STATIC_FOLDERS)]
    assert [path for path in shown if not any(path.is_relative_to(parent) for parent in let_in)] == []
