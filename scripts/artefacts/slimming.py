"""What of an installed package is deployed: not its tests, type stubs and tools, and of botocore only the services used."""

import json
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final

# The AWS services that an adapter opens a client for; a test compares it with the adapters.
AWS_SERVICES: Final = frozenset({"apigatewaymanagementapi", "dynamodb", "secretsmanager", "sqs", "sts"})

NEVER_FILES: Final = ("*.pyc", "*.pyi", "*.pyx", "*.pxd", "*.c", "*.cpp", "*.h", "*.hash", "*.map", "py.typed", ".lock")
NEVER_FOLDERS: Final = frozenset({"__pycache__", "bin", "include", "share", "tests", "test", "testing", "sboms"})
# importlib.metadata reads the first two; the licences have to travel with the code.
KEPT_OF_DIST_INFO: Final = (
    "METADATA",
    "entry_points.txt",
    "licen[cs]es/*",
    "LICEN[CS]E*",
    "COPYING*",
    "NOTICE*",
    "AUTHORS*",
)
_POWERTOOLS_UNUSED: Final = (
    *("auth_alpha", "batch", "circuit_breaker", "data_classes", "data_masking", "feature_flags", "idempotency", "kafka"),
    *("parameters", "parser", "streaming", "validation"),
)
# Below the layer's folder.
NEVER_HERE: Final = (
    "boto3/data/*",  # resources; only clients are used
    "boto3/examples/*",
    "botocore/cacert.pem",  # certifi's is the one that counts
    "botocore/data/*/examples-1.json",
    # Of Powertools: Logger and Metrics. The rest has no user here.
    "aws_lambda_powertools/event_handler/*",
    *(f"aws_lambda_powertools/utilities/{name}/*" for name in _POWERTOOLS_UNUSED),
    "pydantic/v1/*",  # version 1 inside version 2
    # Only building with cffi needs them; what was built needs its backend, a file of its own.
    "cffi/*",
    "pycparser/*",
    "werkzeug/debug/*",  # the debugger
    "dateutil/zoneinfo/*.tar.gz",  # zones come from tzdata alone
    # pywebpush imports aiohttp and uses it only in what is not called here: its pure Python parts are enough for that.
    *(f"{name}/*.so" for name in ("aiohttp", "frozenlist", "multidict", "propcache", "yarl")),
    # onnxruntime runs models; what makes, changes and checks them stays at home.
    *(f"onnxruntime/{name}/*" for name in ("backend", "datasets", "quantization", "tools", "transformers")),
    # numpy's own build tools and compilers.
    "numpy/distutils/*",
    "numpy/f2py/*",
    "numpy/*.a",
)


def copy_slim(source: Path, into: Path) -> None:
    """Copy an installed package folder without what is never used there."""
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if path.is_file() and _is_deployed(name):
            (into / name.parent).mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, into / name)
    for about in into.glob("*.dist-info/METADATA"):
        about.write_text(
            about.read_text("utf-8").partition("\n\n")[0] + "\n", "utf-8"
        )  # without the README below the headers
    endpoints = into / "botocore/data/endpoints.json"
    if endpoints.is_file():
        _cut_endpoints(endpoints)


def _is_deployed(name: Path) -> bool:
    text, parts = name.as_posix(), name.parts
    if parts[0].endswith(".dist-info"):
        inside = "/".join(parts[1:])
        return any(fnmatch(inside, pattern) for pattern in KEPT_OF_DIST_INFO)
    if NEVER_FOLDERS.intersection(_folders(parts)) or any(fnmatch(name.name, pattern) for pattern in NEVER_FILES):
        return False
    if parts[:2] == ("botocore", "data") and len(parts) > 3 and parts[2] not in AWS_SERVICES:  # noqa: PLR2004
        return False
    return not any(fnmatch(text, pattern) for pattern in NEVER_HERE)


def _folders(parts: tuple[str, ...]) -> tuple[str, ...]:
    """The folders that may be left out by name: numpy and cffi need theirs called `testing` or the like."""
    return () if parts[0] == "numpy" and "testing" in parts else parts[:-1]


def _cut_endpoints(path: Path) -> None:
    """Keep the services used: botocore parses the whole file at the first client, which takes longer than making it."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    for partition in content["partitions"]:
        partition["services"] = {name: value for name, value in partition["services"].items() if _is_endpoint(name)}
    path.write_text(json.dumps(content, separators=(",", ":"), sort_keys=True), "utf-8")


def _is_endpoint(name: str) -> bool:
    return name in AWS_SERVICES or name == "execute-api"  # what apigatewaymanagementapi is called there
