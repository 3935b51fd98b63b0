"""Sources for Google Cloud Functions and OCI Functions, which build their own images: one folder per function."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

from scripts.artefacts.layers import FUNCTIONS, LOCKS, ROOT, copy_package
from scripts.artefacts.target import BuildError
from smartalarm.catalog import functions_on

SourceCloud = Literal["gcp", "oci"]

_ENTRY: Final = {
    "gcp": ("main.py", '"""Where functions-framework begins; the target is `gcp`."""\n\nfrom handler import gcp as gcp\n'),
    "oci": ("func.py", '"""Where fdk begins; the entry point is `oci`."""\n\nfrom handler import oci as oci\n'),
}
_OCI: Final = ROOT / "infra/oci"


def lock_of(cloud: SourceCloud, *, infers: bool) -> Path:
    """What a function of this cloud needs; numpy and onnxruntime only where it may run a model."""
    return LOCKS / (f"{cloud}-inference.lock" if infers else f"{cloud}.lock")


def build_sources(
    cloud: SourceCloud, names: list[str], into: Path, place_package: Callable[[Path], object] | None = None
) -> None:
    """`<into>/<function>/` with its entry, handler, the product's package and hashed requirements. Raises BuildError.

    `place_package` puts `smartalarm` into a function's folder: a copy for what is uploaded, a link for what runs here.
    """
    entry, text = _ENTRY[cloud]
    place_package = place_package or _Sharing()
    inferring = {declaration.name for declaration in functions_on(cloud) if declaration.infers}
    for name in names:
        folder = into / name
        folder.mkdir(parents=True)
        (folder / entry).write_text(text, "utf-8")
        shutil.copyfile(FUNCTIONS / name / "handler.py", folder / "handler.py")
        shutil.copyfile(lock_of(cloud, infers=name in inferring), folder / "requirements.txt")
        place_package(folder)
        if cloud == "oci":
            for source in (_OCI / "functions" / name / "func.yaml", _OCI / "Dockerfile"):
                if not source.is_file():
                    raise BuildError(f"{source.relative_to(ROOT)} is missing: run scripts/manifests.py")
                shutil.copyfile(source, folder / source.name)


class _Sharing:
    """Copies the package into the first folder; in the others its files are hard links, twenty times as quick to make."""

    def __init__(self) -> None:
        self._first: Path | None = None

    def __call__(self, folder: Path) -> None:
        if self._first is None:
            copy_package(folder)
            self._first = folder / "smartalarm"
        else:
            shutil.copytree(self._first, folder / "smartalarm", copy_function=os.link)
