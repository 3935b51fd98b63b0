"""infra/container: the chart is linted and rendered by Helm itself, and held to Kubernetes' schemas and our own rules."""

import re
import subprocess
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.installing import ToolMissing
from smartalarm.hosts.roles import OF_A_WORKER
from smartalarm.settings import Settings
from tests.servers.container_tools import helm, python_tool

REPO = Path(__file__).resolve().parents[2]
CONTAINER = REPO / "infra" / "container"
CHART = CONTAINER / "helm" / "smartalarm"
GIVEN = {"image.repository": "registry.example/smartalarm", "existingSecret": "alarm", "apiBaseUrl": "https://alarm.example"}
WITH_INGRESS = {
    "ingress.enabled": "true",
    "ingress.host": "alarm.example",
    "ingress.className": "nginx",
    "ingress.tlsSecret": "certificate",
    "image.digest": f"sha256:{'0' * 64}",
    "settings.LOG_LEVEL": "warning",
    "settings.GRACE_MINUTES": "20",
    "trustedProxies[0]": "10.1.0.0/16",
    "networkPolicy.webFrom[0].namespaceSelector.matchLabels.name": "ingress",
    "networkPolicy.metricsFrom[0].namespaceSelector.matchLabels.name": "monitoring",
    "networkPolicy.databaseTo[0].ipBlock.cidr": "10.0.3.0/24",
    "worker.autoscaling.enabled": "true",
    "imagePullSecrets[0].name": "registry",
}
BARE = {
    "web.autoscaling.enabled": "false",
    "networkPolicy.enabled": "false",
    "migration.enabled": "false",
    "web.podAnnotations.note": "yes",
    "web.nodeSelector.disk": "ssd",
    "worker.tolerations[0].operator": "Exists",
}
VARIANTS = {"default": {}, "with_ingress": WITH_INGRESS, "bare": BARE}
Resources = list[dict[str, Any]]


def run(tool: Callable[[], Path], *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a tool; the test is skipped where it cannot be had."""
    try:
        program = tool()
    except ToolMissing as missing:
        pytest.skip(str(missing))
    return subprocess.run([program, *arguments], capture_output=True, text=True, check=False, timeout=120)


def values_of(values: dict[str, str]) -> list[str]:
    """The options of Helm that set them."""
    return [part for name, value in {**GIVEN, **values}.items() for part in ("--set", f"{name}={value}")]


def rendered(values: dict[str, str]) -> Resources:
    """The resources that Helm makes of the chart."""
    done = run(helm, "template", "release", CHART, "--namespace", "alarms", *values_of(values))
    assert done.returncode == 0, done.stderr
    return [document for document in yaml.safe_load_all(done.stdout) if document]


@pytest.fixture(scope="module", params=VARIANTS)
def resources(request: pytest.FixtureRequest) -> Resources:
    """The chart, with values of several kinds."""
    return rendered(VARIANTS[request.param])


def of_kind(resources: Resources, kind: str) -> dict[str, dict[str, Any]]:
    """Resources of a kind, by name."""
    return {one["metadata"]["name"]: one for one in resources if one["kind"] == kind}


def pods(resources: Resources) -> dict[str, dict[str, Any]]:
    """Every pod's template, by its component."""
    templates = [one["spec"]["template"] for one in resources if one["kind"] in {"Deployment", "Job"}]
    return {template["metadata"]["labels"]["app.kubernetes.io/component"]: template for template in templates}


def is_selected(pod: dict[str, Any], selector: dict[str, str]) -> bool:
    """Whether the labels fit."""
    labels: dict[str, str] = pod["metadata"]["labels"]
    return selector.items() <= labels.items()


# ------------------------------------------------------------------------------------------------ the chart


@pytest.mark.parametrize("variant", VARIANTS)
def test_helm_finds_nothing_to_complain_about(variant: str) -> None:
    """Strictly."""
    done = run(helm, "lint", "--strict", CHART, *values_of(VARIANTS[variant]))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("version", ["1.27", "1.37"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_resource_is_one_that_kubernetes_knows(variant: str, version: str, tmp_path: Path) -> None:
    """By the schemas of the oldest and the newest version we name, without any field they do not have."""
    path = tmp_path / "rendered.yaml"
    path.write_text(yaml.safe_dump_all(rendered(VARIANTS[variant])))
    done = run(lambda: python_tool("kubernetes-validate"), "-k", version, "--strict", path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"existingSecret": ""}, "/existingSecret"),
        ({"apiBaseUrl": "alarm.example"}, "/apiBaseUrl"),
        ({"image.tag": "latest"}, "/image/tag"),
        ({"web.replicass": "3"}, "replicass"),
        ({"settings.JWT_SECRET_KEY": "not here"}, "JWT_SECRET_KEY"),
        ({"ingress.enabled": "true"}, "/ingress/host"),
        ({"terminationGracePeriodSeconds": "5"}, "/terminationGracePeriodSeconds"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused_by_its_name(value: dict[str, str], complaint: str) -> None:
    """Before anything reaches a cluster."""
    done = run(helm, "template", "release", CHART, *values_of(value))
    assert done.returncode != 0
    assert complaint in done.stderr


def test_the_chart_is_of_the_version_of_the_package() -> None:
    """Image tag and package go together."""
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    version = tomllib.loads((REPO / "pyproject.toml").read_text())["project"]["version"]
    assert (chart["version"], chart["appVersion"]) == (version, version)


def test_every_container_runs_without_privileges_on_a_read_only_file_system(resources: Resources) -> None:
    """As a numeric user, with limits, without an account of the cluster, and never by a moving tag."""
    for pod in pods(resources).values():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False
        assert spec["securityContext"]["runAsUser"] >= 10000
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["readOnlyRootFilesystem"] is True
            assert security["allowPrivilegeEscalation"] is False
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert set(container["resources"]) == {"requests", "limits"}
            assert re.fullmatch(r"registry\.example/smartalarm(:0\.1\.0|@sha256:0{64})", container["image"])
            mounts = {mount["mountPath"]: mount["name"] for mount in container["volumeMounts"]}
            assert set(mounts) == {"/data", "/tmp"}  # noqa: S108  the container's own
            assert set(mounts.values()) == {volume["name"] for volume in spec["volumes"]}
    accounts = of_kind(resources, "ServiceAccount")
    assert all(account["automountServiceAccountToken"] is False for account in accounts.values())


def test_secrets_come_by_reference_and_settings_by_names_that_exist(resources: Resources) -> None:
    """No value of a secret setting stands in a manifest, and none is set that the product does not know."""
    secret = {name.upper() for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    for role, pod in pods(resources).items():
        env = {entry["name"]: entry for entry in pod["spec"]["containers"][0]["env"]}
        assert set(env) <= {name.upper() for name in Settings.model_fields}
        for name, entry in env.items():
            assert ("valueFrom" in entry) == (name in secret | {"VAPID_PUBLIC_KEY"})
            assert entry.get("valueFrom", {"secretKeyRef": {"name": "alarm"}})["secretKeyRef"]["name"] == "alarm"
        assert {"CONNECTION_STRING", "DATABASE_PROVIDER"} <= set(env)
        if role != "migration":
            assert {"JWT_SECRET_KEY", "VAPID_PRIVATE_KEY"} <= set(env)
            assert env["SMARTALARM_ROLE"]["value"] == role
        Settings.model_validate({n.lower(): e["value"] for n, e in env.items() if "value" in e})


def test_probes_ask_what_both_roles_answer(resources: Resources) -> None:
    """The worker serves its health and metrics alone."""
    assert {"check_live", "check_ready"} <= OF_A_WORKER
    for role in ("web", "worker"):
        container = pods(resources)[role]["spec"]["containers"][0]
        assert container["livenessProbe"]["httpGet"] == {"path": "/api/v1/health/live", "port": "http"}
        assert container["readinessProbe"]["httpGet"] == {"path": "/api/v1/health/ready", "port": "http"}
        assert container["ports"] == [{"name": "http", "containerPort": 8080, "protocol": "TCP"}]


def test_a_roll_out_and_a_drained_node_leave_enough_running(resources: Resources) -> None:
    """A new pod is ready before an old one goes; one at a time; with time to see through what it holds ready."""
    budgets = of_kind(resources, "PodDisruptionBudget")
    for name, deployment in of_kind(resources, "Deployment").items():
        spec = deployment["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
        assert spec["selector"]["matchLabels"].items() <= spec["template"]["metadata"]["labels"].items()
        assert budgets[name]["spec"] == {"maxUnavailable": 1, "selector": spec["selector"]}
        assert spec["template"]["spec"]["terminationGracePeriodSeconds"] >= 5 + 5 + 18
        scalers = [one for one in of_kind(resources, "HorizontalPodAutoscaler").values() if one["metadata"]["name"] == name]
        assert bool(scalers) != ("replicas" in spec)  # else each roll-out would undo what the scaler did
        assert all(scaler["spec"]["scaleTargetRef"]["name"] == name for scaler in scalers)


def test_the_service_and_the_ingress_lead_to_web_processes_alone(resources: Resources) -> None:
    """By labels and names that exist."""
    (service,) = of_kind(resources, "Service").values()
    selected = [role for role, pod in pods(resources).items() if is_selected(pod, service["spec"]["selector"])]
    assert selected == ["web"]
    for ingress in of_kind(resources, "Ingress").values():
        paths = ingress["spec"]["rules"][0]["http"]["paths"]
        assert {path["path"]: path["pathType"] for path in paths} == {"/api": "Prefix", "/ws": "Exact"}
        assert {path["backend"]["service"]["name"] for path in paths} == {service["metadata"]["name"]}
        annotations = ingress["metadata"]["annotations"]
        assert int(annotations["nginx.ingress.kubernetes.io/proxy-read-timeout"]) >= 3600


def test_every_pod_may_talk_to_its_database_and_only_workers_to_the_internet(resources: Resources) -> None:
    """One policy for each pod; where there is none, nobody asked for any."""
    policies = of_kind(resources, "NetworkPolicy").values()
    if not policies:
        return
    for role, pod in pods(resources).items():
        (policy,) = [one for one in policies if is_selected(pod, one["spec"]["podSelector"]["matchLabels"])]
        assert set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
        ports = {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}
        assert ports == ({53, 5432, 443} if role == "worker" else {53, 5432})
        incoming = policy["spec"]["ingress"]
        if role == "web":
            assert [rule["ports"] for rule in incoming] == [[{"port": 8080, "protocol": "TCP"}]]
        else:
            assert all(role == "worker" and rule["from"] for rule in incoming)


def test_the_schema_is_migrated_before_anything_else_happens() -> None:
    """By a hook that helm waits for, with the command that `make migrate` runs."""
    (job,) = of_kind(rendered({}), "Job").values()
    assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
    assert job["spec"]["template"]["spec"]["containers"][0]["command"] == ["python3", "-m", "smartalarm.hosts.migrate"]
    assert "serviceAccountName" not in job["spec"]["template"]["spec"]


# ------------------------------------------------------------------------------------------------ image and compose


def test_the_dockerfile_passes_its_linter() -> None:
    """hadolint, without exceptions."""
    done = run(lambda: python_tool("hadolint"), "--no-color", CONTAINER / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_follows_its_specification() -> None:
    """By the schema of compose-spec."""
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = run(lambda: python_tool("check-jsonschema"), *schema, CONTAINER / "compose.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_compose_starts_is_as_confined_as_in_a_cluster() -> None:
    """No privileges, read-only, bounded; the database is reachable by the app alone; no secret has a default."""
    compose = yaml.safe_load((CONTAINER / "compose.yaml").read_text())
    for service in compose["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert re.fullmatch(r"\d+:\d+", service["user"])
        assert {"mem_limit", "pids_limit", "restart", "stop_grace_period"} <= set(service)
        for name, value in service["environment"].items():
            if name in {"CONNECTION_STRING", "POSTGRES_PASSWORD"}:
                assert "${POSTGRES_PASSWORD:?" in value
    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert "ports" not in compose["services"]["database"]
    assert all(port.startswith("127.0.0.1:") for port in compose["services"]["app"]["ports"])
    app = set(compose["services"]["app"]["environment"])
    assert app <= {name.upper() for name in Settings.model_fields}
    asked = set(re.findall(r"\$\{([A-Z_]+)", (CONTAINER / "compose.yaml").read_text()))
    offered = set(re.findall(r"^([A-Z_]+)=", (CONTAINER / "env.example").read_text(), re.MULTILINE))
    assert asked - offered <= {"PORT", "LOG_LEVEL"}
