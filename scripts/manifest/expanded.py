"""Both AWS templates as CloudFormation gets them: serverless.yml packaged by osls, template.yaml translated by SAM."""

import json
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from scripts.installing import CACHE, ROOT, locked, serverless
from scripts.manifest.cloudformation import Json, read
from scripts.manifest.tools import cloud_tools, run

# CloudFormation takes 500 resources and a megabyte; what is left is room for what a person adds.
MOST_RESOURCES = 450
MOST_BYTES = 900_000
LAYERS = ("smartalarm", "runtime", "inference")
_NO_STACK = (
    b'<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>'
    b"<Code>ValidationError</Code><Message>Stack does not exist</Message></Error></ErrorResponse>"
)
# Artefacts are named by where they would be uploaded to.
_TRANSLATE = """
import json, sys
from types import SimpleNamespace
from samtranslator.translator.transform import transform
template = json.load(sys.stdin)
for resource in template["Resources"].values():
    for name in ("CodeUri", "ContentUri"):
        if name in resource.get("Properties", {}):
            resource["Properties"][name] = sys.argv[1] + "/" + resource["Properties"][name]
print(json.dumps(transform(template, {}, SimpleNamespace(load=dict))))
"""


@cache
def osls_template() -> Json:
    """The template that `serverless deploy` would send. Raises ToolMissing, ToolFailed."""
    tool = serverless()
    with tempfile.TemporaryDirectory(prefix="smartalarm-osls-") as folder, _no_stack_yet() as endpoint:
        put_empty_artefacts(Path(folder) / "dist")
        environment = {
            "AWS_ACCESS_KEY_ID": "none",
            "AWS_SECRET_ACCESS_KEY": "none",
            # Of this one service, so that nothing takes it for an emulated cloud.
            "AWS_ENDPOINT_URL_CLOUDFORMATION": endpoint,
            "SMARTALARM_DIST": f"{folder}/dist",
        }
        # The tool writes into .serverless beside serverless.yml whatever it is told: two at once take it from each other.
        with locked(CACHE / "osls.lock"):
            run([str(tool), "package", "--stage", "dev", "--package", f"{folder}/out"], folder=ROOT, environment=environment)
        template: Json = json.loads((Path(folder) / "out" / "cloudformation-template-update-stack.json").read_text())
        return template


@cache
def sam_template() -> Json:
    """The template that CloudFormation's own transform makes of template.yaml. Raises ToolMissing, ToolFailed."""
    return translated(read(ROOT / "template.yaml"), "s3://bucket")


def translated(template: Json, uploaded_to: str) -> Json:
    """What CloudFormation's own transform makes of a SAM template. Raises ToolMissing, ToolFailed."""
    command = [str(cloud_tools() / "python"), "-c", _TRANSLATE, uploaded_to]
    made: Json = json.loads(run(command, folder=ROOT, environment={}, given=json.dumps(template)))
    return made


def put_empty_artefacts(dist: Path) -> None:
    """An archive for every function and layer, where only their being there counts."""
    names = [f"functions/{path.parent.name}" for path in (ROOT / "functions").glob("*/handler.py")]
    for name in [*names, *(f"layers/{layer}" for layer in LAYERS)]:
        (dist / name).parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(dist / f"{name}.zip", "w") as archive:
            archive.writestr(zipfile.ZipInfo("handler.py"), "")


class _NoStack(BaseHTTPRequestHandler):
    """CloudFormation, asked about a stack that was never made: osls asks, to see which layers are new."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """The one answer."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(400)
        self.send_header("content-type", "text/xml")
        self.send_header("content-length", str(len(_NO_STACK)))
        self.end_headers()
        self.wfile.write(_NO_STACK)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@contextmanager
def _no_stack_yet() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _NoStack) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
