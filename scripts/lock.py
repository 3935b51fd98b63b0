"""Resolve and pin all dependencies (requirements/*.lock), with hashes and without index addresses."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header", "--quiet"]
# What is deployed: the layers on AWS, and the whole of a function's requirements on Google's and Oracle's clouds.
LAYERS = {
    "runtime": ["layers/runtime/requirements.txt"],
    "inference": ["layers/inference/requirements.txt"],
    "gcp": ["pyproject.toml", "--extra", "sql", "--extra", "gcp"],
    "gcp-inference": ["pyproject.toml", "--extra", "sql", "--extra", "gcp", "--extra", "inference"],
    "oci": ["pyproject.toml", "--extra", "sql", "--extra", "oci", "--overrides", "requirements/layers/oci.overrides"],
    "oci-inference": [
        *("pyproject.toml", "--extra", "sql", "--extra", "oci", "--extra", "inference"),
        *("--overrides", "requirements/layers/oci.overrides"),
    ],
}


def main() -> int:
    """Write every lock file, each constrained by the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions instead of those already pinned")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print("Making a small environment with uv ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([f"{folder}/bin/pip", "install", "--quiet", "--disable-pip-version-check", "uv"], check=True)
        compile_ = [f"{folder}/bin/uv", "pip", "compile", *OPTIONS, *(["--upgrade"] if given.upgrade else [])]
        dev = "requirements/dev.lock"
        jobs = [
            [*compile_, "pyproject.toml", "--all-extras", "--group", "dev", "--group", "bench", "-o", dev],
            [
                *compile_,
                "pyproject.toml",
                "--extra",
                "local",
                "--extra",
                "sql",
                "--extra",
                "inference",
                "-c",
                dev,
                "-o",
                "requirements/run.lock",
            ],
            [*compile_, "--no-annotate", "requirements/ministack.in", "-o", "requirements/ministack.lock"],
            [*compile_, "--no-annotate", "requirements/cloud-tools.in", "-o", "requirements/cloud-tools.lock"],
            [*compile_, "--no-annotate", "requirements/container-tools.in", "-o", "requirements/container-tools.lock"],
            [*compile_, "--no-annotate", "requirements/training.in", "-c", dev, "-o", "requirements/training.lock"],
            *(
                [*compile_, "--no-annotate", *wanted, "-c", dev, "-o", f"requirements/layers/{name}.lock"]
                for name, wanted in LAYERS.items()
            ),
        ]
        for job in jobs:
            print(f"Resolving {job[-1]} ...", flush=True)
            subprocess.run(job, cwd=ROOT, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
