"""Oracle Cloud's deployables from the declarations: func.yaml for each function, the gateway's routes, policies, schedules.

`${...}` is filled in by scripts/deploy_oci.py: a function's name by its OCID, and the names of the compartment.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scripts.manifest.beyond_aws import UNMATCHED, rate_to_cron, secrets_of, service_name, to_text
from smartalarm.function import Declaration, EndpointFunction, ScheduleFunction

FOLDER = Path("infra/oci")
MEMORY_SIZES_MB = (128, 256, 512, 1024, 2048, 3072)
LONGEST_SECONDS = 300
MOST_ROUTES = 50
_YAML = """\
schema_version: 20180708
name: {service}
version: 0.0.1
runtime: docker
memory: {memory}
timeout: {timeout}
"""


def files(declarations: Sequence[Declaration]) -> dict[Path, str]:
    """The text of each file, by its path below the repository's root."""
    mine = [declaration for declaration in declarations if "oci" in declaration.hosts]
    made = {FOLDER / "functions" / d.name / "func.yaml": func_yaml(d) for d in mine}
    return made | {
        FOLDER / "functions.json": to_text({service_name(d.name): _function(d) for d in mine}),
        FOLDER / "gateway.json": to_text(gateway(mine)),
        FOLDER / "policies.json": to_text(policies()),
    }


def func_yaml(declaration: Declaration) -> str:
    """What `fn` reads. Raises ValueError for a time limit that Oracle does not allow."""
    if declaration.timeout_seconds > LONGEST_SECONDS:
        raise ValueError(f"{declaration.name}: OCI Functions end after {LONGEST_SECONDS} s")
    return _YAML.format(
        service=service_name(declaration.name), memory=_memory_mb(declaration), timeout=declaration.timeout_seconds
    )


def _memory_mb(declaration: Declaration) -> int:
    """The smallest size that Oracle has and that is enough."""
    return next(size for size in MEMORY_SIZES_MB if size >= declaration.memory_mb)


def _function(declaration: Declaration) -> dict[str, Any]:
    function: dict[str, Any] = {
        "function": declaration.name,
        "secrets": list(secrets_of(declaration)),
        "memory_mb": _memory_mb(declaration),
        "timeout_seconds": declaration.timeout_seconds,
    }
    if isinstance(declaration, ScheduleFunction):
        function["schedule"] = rate_to_cron(declaration.rate)
    return function


def gateway(declarations: Sequence[Declaration]) -> dict[str, Any]:
    """The API gateway's deployment specification. Jobs have routes as well, for crons that are not Oracle's.

    Raises ValueError for more routes than a deployment may have.
    """
    routes = [
        _route(d.endpoint.path, d.endpoint.method, d.name)
        for d in declarations
        if isinstance(d, EndpointFunction) and d.name != UNMATCHED
    ]
    routes.append(_ticks([d.name for d in declarations if isinstance(d, ScheduleFunction)]))
    routes.append(_route("/{unmatched*}", "ANY", UNMATCHED))
    if len(routes) > MOST_ROUTES:
        raise ValueError(f"a deployment of Oracle's gateway has at most {MOST_ROUTES} routes, not {len(routes)}")
    return {
        "requestPolicies": {"rateLimiting": {"rateInRequestsPerSecond": 50, "rateKey": "CLIENT_IP"}},
        "loggingPolicies": {"executionLog": {"isEnabled": True, "logLevel": "ERROR"}},
        "routes": routes,
    }


def _route(path: str, method: str, function: str) -> dict[str, Any]:
    return {"path": path, "methods": [method], "backend": _backend(function)}


def _ticks(jobs: list[str]) -> dict[str, Any]:
    """All jobs in one route, of which there are few: the name in the path selects the function."""
    named = [({"type": "ANY_OF", "name": job, "values": [job], "isDefault": False}, job) for job in jobs]
    named.append(({"type": "ANY_OF", "name": UNMATCHED, "values": [UNMATCHED], "isDefault": True}, UNMATCHED))
    backend = {
        "type": "DYNAMIC_ROUTING_BACKEND",
        "selectionSource": {"type": "SINGLE", "selector": "request.path[job]"},
        "routingBackends": [{"key": key, "backend": _backend(function)} for key, function in named],
    }
    return {"path": "/ticks/{job}", "methods": ["POST"], "backend": backend}


def _backend(function: str) -> dict[str, Any]:
    return {"type": "ORACLE_FUNCTIONS_BACKEND", "functionId": f"${{{function}}}"}


def policies() -> list[str]:
    """Who may do what: the gateway may call functions; the scheduler may call the three jobs. Functions may do nothing."""
    allowed = "Allow any-user to use fn-invocation in compartment id ${COMPARTMENT} where ALL"
    gateway_is = "{request.principal.type='ApiGateway', request.resource.compartment.id='${COMPARTMENT}'}"
    scheduler_is = "{request.principal.type='resourceschedule', request.principal.compartment.id='${COMPARTMENT}'}"
    return [f"{allowed} {gateway_is}", f"{allowed} {scheduler_is}"]
