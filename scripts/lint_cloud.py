"""Check both AWS templates with the tools of those who read them: cfn-lint, sam validate, sam build; and count resources."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from scripts.installing import ROOT, ToolMissing, serverless
from scripts.manifest.cloudformation import Json
from scripts.manifest.expanded import MOST_BYTES, MOST_RESOURCES, osls_template, put_empty_artefacts, sam_template
from scripts.manifest.tools import ToolFailed, cloud_tools, run

OPTIONS = ("waf.yml", "pipeline.yml")
OSLS_HABITS = ["W3005"]  # a DependsOn that a Ref implies already


def lint_osls() -> str:
    """cfn-lint on what osls makes of serverless.yml."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "osls.json"
        path.write_text(json.dumps(osls_template()))
        run([_tool("cfn-lint"), str(path), "--ignore-checks", *OSLS_HABITS], folder=ROOT, environment={})
    return _count("serverless.yml", osls_template())


def lint_sam() -> str:
    """`sam validate --lint`, which runs cfn-lint on template.yaml."""
    run([_tool("sam"), "validate", "--lint"], folder=ROOT, environment={})
    return _count("template.yaml", sam_template())


def build_sam() -> str:
    """`sam build`, with archives that hold nothing."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "template.yaml").write_bytes((ROOT / "template.yaml").read_bytes())
        put_empty_artefacts(Path(folder) / "dist" / "aws")
        run([_tool("sam"), "build"], folder=Path(folder), environment={})
    return "sam build: built"


def lint_options() -> str:
    """cfn-lint on the stacks that stand beside: the web ACL, and what lets a pipeline deploy."""
    paths = [f"infra/aws/{name}" for name in OPTIONS]
    run([_tool("cfn-lint"), "--regions", "us-east-1", "--", *paths], folder=ROOT, environment={})
    return f"{' and '.join(OPTIONS)}: no complaint"


def _tool(name: str) -> str:
    return str(cloud_tools() / name)


def _count(name: str, template: Json) -> str:
    count, size = len(template["Resources"]), len(json.dumps(template, indent=2))
    if size > MOST_BYTES:
        raise ToolFailed(f"{name}: {size} bytes when expanded, more than {MOST_BYTES}; CloudFormation takes 1,000,000")
    if count > MOST_RESOURCES:
        raise ToolFailed(f"{name}: {count} resources, more than {MOST_RESOURCES}; CloudFormation takes 500")
    return f"{name}: no complaint, {count} resources of at most {MOST_RESOURCES}, {size // 1000} kB"


def main() -> int:
    """0 when nothing is wrong."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    started = time.monotonic()
    try:
        cloud_tools(), serverless()
    except ToolMissing as error:
        print(f"The AWS templates cannot be checked here: {error}", file=sys.stderr)
        return 1
    checks: list[Callable[[], str]] = [lint_osls, lint_sam, build_sam, lint_options]
    failures = 0
    with ThreadPoolExecutor(2) as pool:
        for check in [pool.submit(check) for check in checks]:
            try:
                print(check.result())
            except ToolFailed as error:
                failures += 1
                print(error, file=sys.stderr)
    print(f"AWS templates checked in {time.monotonic() - started:.0f} s.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
