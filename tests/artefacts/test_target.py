"""Which interpreter compiles for which target, and what is refused in one line."""

import sys
from pathlib import Path

import pytest

from scripts.artefacts.target import BuildError, Target, find_compiler, this_machine

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def pretend_python(path: Path, said: str) -> Path:
    """A program that answers what an interpreter would."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)
    return path


def test_this_interpreter_compiles_for_its_own_version() -> None:
    """Nothing else needs to be installed for the emulated cloud."""
    found = find_compiler(HERE, {})
    assert found is not None
    assert (found.path, found.version) == (Path(sys.executable), sys.version)


def test_another_version_is_looked_for_on_the_path_and_below_pyenv(tmp_path: Path) -> None:
    """An interpreter that does not run, as pyenv's shims of versions not chosen, is passed over."""
    broken = pretend_python(tmp_path / "bin/python3.19", "pyenv: python3.19: command not found")
    said = "(3, 19) final 3.19.2 (main)"
    behind = pretend_python(tmp_path / "pyenv/versions/3.19.2/bin/python3.19", said)
    environ = {"PATH": str(broken.parent), "PYENV_ROOT": str(tmp_path / "pyenv")}
    found = find_compiler("3.19", environ)
    assert found is not None
    assert (found.path, found.version) == (behind, "3.19.2 (main)")


def test_no_interpreter_means_sources_only(tmp_path: Path) -> None:
    """Bytecode of a candidate release would not be final, so that counts as none."""
    pretend_python(tmp_path / "python3.19", "(3, 19) candidate 3.19.0rc1")
    assert find_compiler("3.19", {"PATH": str(tmp_path), "PYENV_ROOT": str(tmp_path)}) is None


def test_a_named_interpreter_of_another_version_is_refused() -> None:
    """BUILD_PYTHON is an order, not a hint."""
    with pytest.raises(BuildError, match=r"^BUILD_PYTHON=.* is no Python 3\.19$"):
        find_compiler("3.19", {"BUILD_PYTHON": sys.executable})


def test_a_target_that_lambda_does_not_have_is_refused() -> None:
    """In one line that names the option."""
    with pytest.raises(BuildError, match=r"^--python 2\.7: must be 3\.11 or later, like 3\.13$"):
        Target("2.7", "arm64")
    with pytest.raises(BuildError, match=r"^--arch sparc: must be one of arm64, x86_64$"):
        Target("3.13", "sparc")


def test_wheels_are_asked_for_the_targets_platform() -> None:
    """Lambda's arm64 is everybody else's aarch64."""
    assert Target("3.13", "arm64").platform == "aarch64-manylinux_2_28"
    assert this_machine().python == HERE
