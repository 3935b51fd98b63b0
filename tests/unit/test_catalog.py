"""The rules that every folder under functions/ keeps."""

from pathlib import Path

import pytest

from smartalarm.catalog import FUNCTIONS_ROOT, CatalogError, load_functions

GOOD = """
from smartalarm.function import endpoint, entrypoints

@endpoint("GET", "/api/v1/{name}", public=True)
def {name}() -> None:
    \"\"\"Nothing.\"\"\"

aws, gcp, oci = entrypoints({name})
"""


def write(root: Path, name: str, text: str) -> None:
    """One function folder."""
    (root / name).mkdir()
    (root / name / "handler.py").write_text(text.replace("{name}", name), encoding="utf-8")


def test_functions_come_by_name_and_are_loaded_once(tmp_path: Path) -> None:
    """Two loads give the same declarations, so that a type has one identity per process."""
    write(tmp_path, "stop_catalog_b", GOOD)
    write(tmp_path, "stop_catalog_a", GOOD)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "README.md").touch()
    first = load_functions(tmp_path)
    assert [declaration.name for declaration in first] == ["stop_catalog_a", "stop_catalog_b"]
    assert load_functions(tmp_path) == first


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("misname_it", GOOD.replace("def {name}", "def other").replace("({name})", "(other)"), "is called other"),
        ("declare_none", "aws = gcp = oci = None", "one function, not 0"),
        ("declare_two", GOOD + GOOD.replace("def {name}", "def other").replace("({name})", "(other)"), "not 2"),
        ("forget_entry", GOOD.replace("aws, gcp, oci = entrypoints({name})", ""), "last line"),
        ("wrap_entry", GOOD + "from functools import partial\ngcp = partial(gcp)\n", "last line"),
    ],
)
def test_a_handler_that_breaks_a_rule_is_named_with_the_rule(tmp_path: Path, name: str, text: str, complaint: str) -> None:
    """The text tells what to mend, and where."""
    write(tmp_path, name, text)
    with pytest.raises(CatalogError, match=f"{name}: .*{complaint}"):
        load_functions(tmp_path)


def test_a_folder_without_a_handler_is_a_mistake(tmp_path: Path) -> None:
    """A function that was half moved would otherwise vanish silently."""
    (tmp_path / "move_half").mkdir()
    with pytest.raises(CatalogError, match=r"move_half: there is no handler\.py"):
        load_functions(tmp_path)


def test_two_endpoints_at_one_address_are_a_mistake(tmp_path: Path) -> None:
    """Whatever their path parameters are called."""
    write(tmp_path, "read_first", GOOD.replace("/api/v1/{name}", "/api/v1/x/{a}").replace("()", "(a: str)"))
    write(tmp_path, "read_second", GOOD.replace("/api/v1/{name}", "/api/v1/x/{b}").replace("()", "(b: str)"))
    with pytest.raises(CatalogError, match=r"read_second: GET /api/v1/x/\{b\} is already read_first's"):
        load_functions(tmp_path)


def test_a_handler_that_fails_to_load_leaves_nothing_behind(tmp_path: Path) -> None:
    """Mended, it loads in the same process."""
    write(tmp_path, "mend_later", "raise ValueError('half written')")
    with pytest.raises(ValueError, match="half written"):
        load_functions(tmp_path)
    (tmp_path / "mend_later" / "handler.py").write_text(GOOD.replace("{name}", "mend_later"), encoding="utf-8")
    assert [declaration.name for declaration in load_functions(tmp_path)] == ["mend_later"]


def test_the_products_own_functions_keep_the_rules() -> None:
    """The folder is found from the package's place in the tree."""
    assert Path(__file__).parents[2] / "functions" == FUNCTIONS_ROOT
    assert {declaration.name for declaration in load_functions()} == {
        path.parent.name for path in FUNCTIONS_ROOT.glob("*/handler.py")
    }
