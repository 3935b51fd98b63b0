"""Google's and Oracle's deployables: complete, no more permissions than needed, and deployed without telling a secret."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scripts.manifest import gcp, oci
from scripts.manifest.beyond_aws import SECRETS, UNMATCHED, service_name
from smartalarm.adapters.tokens import JwtSigner
from smartalarm.catalog import functions_on, load_functions
from smartalarm.function import Declaration, EndpointFunction, Host, ScheduleFunction
from smartalarm.hosts.ticks import check_tick
from smartalarm.http import Request

REPO = Path(__file__).resolve().parents[2]
SECRET = "a secret of at least 32 characters"
SECRET_VALUES = {name: f"{SECRET} named {name}" for name in SECRETS}
GCP = ["scripts/deploy_gcp.py", "--project", "demo"]
OCI = ["scripts/deploy_oci.py", "--compartment", "ocid1.c", "--registry", "r/n", "--subnet", "ocid1.s", "--tag", "1"]


def declared_routes(host: Host) -> set[tuple[str, str, str]]:
    """(method, path, function) of each endpoint."""
    found = [d for d in functions_on(host) if isinstance(d, EndpointFunction) and d.name != UNMATCHED]
    return {(d.endpoint.method, d.endpoint.path, d.name) for d in found}


def test_googles_gateway_has_each_endpoint_and_leads_the_rest_to_the_one_that_says_so() -> None:
    """Route by route, to the service of the very function, with every path parameter declared."""
    gateway = gcp.gateway(functions_on("gcp"))
    routes = set()
    for path, methods in gateway["paths"].items():
        for method, operation in methods.items():
            named = [parameter["name"] for parameter in operation.get("parameters", [])]
            assert named == re.findall(r"{(\w+)}", path)
            assert operation["x-google-backend"]["address"].startswith(f"https://{service_name(operation['operationId'])}-$")
            routes.add((method.upper(), path, operation["operationId"]))
    assert routes == declared_routes("gcp")
    assert gateway["x-google-allow"] == "all"
    assert service_name(UNMATCHED) in gateway["x-google-backend"]["address"]


def test_oracles_gateway_has_each_endpoint_one_route_for_all_jobs_and_one_for_the_rest() -> None:
    """Jobs are reached by crons that are not Oracle's; the token in the call is what counts."""
    gateway = oci.gateway(functions_on("oci"))["routes"]
    (ticks,) = [route for route in gateway if route["path"] == "/ticks/{job}"]
    routes = {
        (route["methods"][0], route["path"], route["backend"]["functionId"].strip("${}"))
        for route in gateway
        if route is not ticks
    }
    assert routes == declared_routes("oci") | {("ANY", "/{unmatched*}", UNMATCHED)}
    assert (ticks["methods"], ticks["backend"]["selectionSource"]["selector"]) == (["POST"], "request.path[job]")
    led = {
        (tuple(each["key"]["values"]), each["backend"]["functionId"].strip("${}"), each["key"]["isDefault"])
        for each in ticks["backend"]["routingBackends"]
    }
    jobs = {d.name for d in functions_on("oci") if isinstance(d, ScheduleFunction)}
    assert jobs == {"watch_due", "purge_expired", "replan_alarms"}
    assert led == {((job,), job, False) for job in jobs} | {((UNMATCHED,), UNMATCHED, True)}


def test_a_function_gets_the_secrets_that_its_ports_need_and_no_other() -> None:
    """On both clouds alike."""
    services = gcp.services(functions_on("gcp"))
    given = {service["function"]: service["secrets"] for service in services["services"].values()}
    assert given["check_live"] == []
    assert given["get_push_key"] == ["VAPID_PRIVATE_KEY"]
    assert given["show_metrics"] == ["METRICS_TOKEN"]
    assert given["create_alarm"] == ["CONNECTION_STRING", "JWT_SECRET_KEY"]
    assert given["purge_expired"] == ["CONNECTION_STRING", "JWT_SECRET_KEY"]
    assert given["watch_due"] == ["CONNECTION_STRING", "JWT_SECRET_KEY", "VAPID_PRIVATE_KEY"]
    for service in services["services"].values():
        assert services["accounts"][service["account"]]["secrets"] == service["secrets"]
    oracle = json.loads(oci.files(load_functions())[Path("infra/oci/functions.json")])
    assert {function["function"]: function["secrets"] for function in oracle.values()} == given


def test_whoever_is_not_the_gateway_or_the_scheduler_is_kept_out_on_google() -> None:
    """A service that anybody may call is closed to the internet and a scheduled one, which checks who calls."""
    for service in gcp.services(functions_on("gcp"))["services"].values():
        checks = {"function"} if "schedule" in service else {"platform"}
        assert (service["ingress"], {service["checks_caller"]}) == ("internal" if "schedule" in service else "all", checks)


def test_a_function_that_oracle_would_end_too_early_is_refused() -> None:
    """Its functions run for five minutes at most."""
    declaration = next(d for d in functions_on("oci") if d.name == "watch_due")
    assert "timeout: 90\n" in oci.func_yaml(declaration)
    longer = Declaration(declaration.name, declaration.call, declaration.hosts, declaration.memory_mb, 301)
    with pytest.raises(ValueError, match="300 s"):
        oci.func_yaml(longer)


# ------------------------------------------------------------------------------------------------------------ deploying

FAKE = """\
#!{python}
import json, os, sys
with open(os.environ["RECORD"], "a") as record:
    record.write(json.dumps(sys.argv) + "\\n")
words = sys.argv[1:]
if "--format=value(projectNumber)" in words:
    print("123456789012")
sys.exit(1 if "describe" in words and "projects" not in words else 0)
"""


def run(tmp_path: Path, command: list[str], tools: list[str], **environment: str) -> tuple[str, list[list[str]]]:
    """What the script wrote, and which commands it ran; the tools are stood in for."""
    folder, record = tmp_path / "bin", tmp_path / "record"
    folder.mkdir(exist_ok=True)
    record.touch()
    for tool in tools:
        (folder / tool).write_text(FAKE.format(python=sys.executable))
        (folder / tool).chmod(0o755)
    seen = {"PATH": str(folder), "RECORD": str(record), "HOME": str(tmp_path), **environment}
    done = subprocess.run(
        [sys.executable, *command], cwd=REPO, env=seen, capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr, [json.loads(line) for line in record.read_text().splitlines()]


@pytest.mark.parametrize(("command", "tools"), [(GCP, ["gcloud"]), (OCI, ["oci", "docker"])])
def test_a_dry_run_shows_every_step_and_runs_nothing(tmp_path: Path, command: list[str], tools: list[str]) -> None:
    """Also on a machine without the tools; it needs no secrets and shows none."""
    text, ran = run(tmp_path, [*command, "--dry-run"], [], **SECRET_VALUES)
    assert ran == []
    assert SECRET not in text
    for declaration in functions_on("gcp" if "gcp" in command[0] else "oci"):
        assert service_name(declaration.name) in text
    assert tools[0] in text


def test_deploying_tells_no_secret_on_a_command_line(tmp_path: Path) -> None:
    """Command lines are seen by everybody on the machine; Google's tool reads secrets from its standard input."""
    text, ran = run(tmp_path, [*GCP, "accounts", "secrets", "schedule"], ["gcloud"], **SECRET_VALUES)
    assert SECRET not in text
    assert SECRET not in json.dumps(ran)
    created = [words[3] for words in ran if words[1:3] == ["secrets", "create"]]
    assert sorted(created) == sorted(f"smartalarm-{name.lower().replace('_', '-')}" for name in SECRETS)
    ticks = [words for words in ran if words[1:4] == ["scheduler", "jobs", "create"]]
    assert len(ticks) == 3
    assert all(any(word.startswith("--oidc-service-account-email=smartalarm-scheduler@") for word in tick) for tick in ticks)

    settings: dict[str, Any] = {**SECRET_VALUES, "TICK_TOKEN_WATCH_DUE": SECRET}
    text, ran = run(tmp_path, [*OCI, "functions"], ["oci", "docker"], **settings)
    assert "function create" in text
    assert SECRET not in json.dumps(ran)
    assert SECRET not in text


@pytest.mark.parametrize(
    ("command", "tools", "expected"),
    [
        ([*GCP, "apis"], [], "gcloud is missing"),
        ([*GCP, "secrets"], ["gcloud"], "CONNECTION_STRING: is not set"),
        ([*OCI, "functions"], ["oci", "docker"], "is not set; the function"),
        ([*OCI, "schedule"], ["oci", "docker"], "scripts/tick_token.py"),
        ([*GCP, "nonsense"], ["gcloud"], "no such step: nonsense"),
    ],
)
def test_what_is_missing_is_said_in_one_line(tmp_path: Path, command: list[str], tools: list[str], expected: str) -> None:
    """No traceback."""
    text, _ = run(tmp_path, command, tools)
    assert expected in text
    assert "Traceback" not in text


def test_a_printed_tick_token_starts_its_job(tmp_path: Path) -> None:
    """And ends when it says; without the deployment's secret there is none."""
    command = [sys.executable, "scripts/tick_token.py", "watch_due", "--days", "2"]
    environment = {"JWT_SECRET_KEY": SECRET, "PATH": os.defpath, "HOME": str(tmp_path)}
    done = subprocess.run(command, cwd=REPO, env=environment, capture_output=True, text=True, check=True, timeout=60)
    token = done.stdout.strip()
    assert "for watch_due alone" in done.stderr
    request = Request("POST", "/", headers={"x-tick-token": token})
    check_tick("watch_due", request, JwtSigner(SECRET, "smartalarm", "smartalarm"), now=datetime.now(UTC))
    without = subprocess.run(
        command, cwd=REPO, env={**environment, "JWT_SECRET_KEY": ""}, capture_output=True, text=True, check=False, timeout=60
    )
    assert (without.returncode, without.stdout) == (2, "")
    assert without.stderr.startswith("JWT_SECRET_KEY: is not set")
