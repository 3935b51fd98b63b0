"""Sources for Google Cloud Functions and OCI Functions, which build their own images: one folder per function."""

import shutil
from pathlib import Path
from typing import Final, Literal

from scripts.artefacts.layers import FUNCTIONS, LOCKS, ROOT, copy_package
from scripts.artefacts.target import BuildError

SourceCloud = Literal["gcp", "oci"]

_ENTRY: Final = {
    "gcp": ("main.py", '"""Where functions-framework begins; the target is `gcp`."""\n\nfrom handler import gcp as gcp\n'),
    "oci": ("func.py", '"""Where fdk begins; the entry point is `oci`."""\n\nfrom handler import oci as oci\n'),
}
# What scripts/manifests.py writes for each function, and by hand for all.
_OCI: Final = ROOT / "infra/oci"
_OCI_FILES: Final = ("func.yaml", "Dockerfile")


def build_sources(cloud: SourceCloud, names: list[str], into: Path) -> None:
    """`<into>/<function>/` with its entry, handler, the product's package and hashed requirements. Raises BuildError."""
    entry, text = _ENTRY[cloud]
    for name in names:
        folder = into / name
        folder.mkdir(parents=True)
        (folder / entry).write_text(text, "utf-8")
        shutil.copyfile(FUNCTIONS / name / "handler.py", folder / "handler.py")
        shutil.copyfile(LOCKS / f"{cloud}.lock", folder / "requirements.txt")
        copy_package(folder)
        if cloud == "oci" and _OCI.is_dir():
            for file in _OCI_FILES:
                shutil.copyfile(_oci_file(name, file), folder / file)


def _oci_file(name: str, file: str) -> Path:
    """The function's own, or the one for all."""
    for place in (_OCI / "functions" / name / file, _OCI / name / file, _OCI / file):
        if place.is_file():
            return place
    raise BuildError(f"infra/oci has no {file} for {name}: run scripts/manifests.py")
