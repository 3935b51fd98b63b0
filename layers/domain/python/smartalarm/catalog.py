"""Every function of the product, read from its folder: what the manifests, the local host and the documents are made of."""

import importlib.util
import re
import sys
from collections.abc import Callable, Sequence
from os.path import normpath
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final

from smartalarm.function import Declaration, EndpointFunction, Host, declaration_of

# Where the package lies in the source tree: <root>/layers/domain/python/smartalarm. Elsewhere a root must be given.
FUNCTIONS_ROOT: Final = Path(normpath(Path(__file__).parent / "../../../../functions"))
_ENTRYPOINTS: Final = ("aws", "gcp", "oci")


class CatalogError(TypeError):
    """A functions folder breaks a rule; the text names the folder and the rule."""


def load_functions(root: Path = FUNCTIONS_ROOT) -> list[Declaration]:
    """The declarations of all `<root>/<name>/handler.py`, by name.

    Raises CatalogError for a folder without a handler, a handler that declares none or several functions, a function
    that is not called like its folder, a missing entry point, and two endpoints with one address.
    """
    folders = sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "_")))
    declarations = [load_function(folder) for folder in folders]
    _check_addresses(declarations)
    return declarations


def functions_on(host: Host) -> list[Declaration]:
    """The product's own functions that a host runs, by name. Raises CatalogError."""
    return [declaration for declaration in load_functions() if host in declaration.hosts]


def load_function(folder: Path) -> Declaration:
    """The declaration in one folder. Raises CatalogError."""
    path = folder / "handler.py"
    if not path.is_file():
        raise CatalogError(f"{folder.name}: there is no handler.py")
    module = _load(path)
    declared = _declared_in(module)
    if len(declared) != 1:
        raise CatalogError(f"{folder.name}: handler.py must declare one function, not {len(declared)}")
    declaration = declaration_of(declared[0])
    if declaration.name != folder.name:
        raise CatalogError(f"{folder.name}: the function is called {declaration.name}, the folder is not")
    for name in _ENTRYPOINTS:
        # functions-framework takes plain functions and nothing else.
        if not isinstance(getattr(module, name, None), FunctionType):
            raise CatalogError(f"{folder.name}: the last line must be `aws, gcp, oci = entrypoints({declaration.name})`")
    return declaration


def _check_addresses(declarations: Sequence[Declaration]) -> None:
    taken: dict[tuple[str, str], str] = {}
    for declaration in declarations:
        if isinstance(declaration, EndpointFunction):
            endpoint = declaration.endpoint
            address = endpoint.method, re.sub(r"{[^}]*}", "{}", endpoint.path)
            if (first := taken.setdefault(address, declaration.name)) != declaration.name:
                raise CatalogError(f"{declaration.name}: {endpoint.method} {endpoint.path} is already {first}'s")


def _declared_in(module: ModuleType) -> list[Callable[..., Any]]:
    """The module's own declared functions, each once."""
    own = [value for value in vars(module).values() if getattr(value, "__module__", None) == module.__name__]
    return list(
        dict.fromkeys(value for value in own if isinstance(value, FunctionType) and hasattr(value, "__declaration__"))
    )


def _load(path: Path) -> ModuleType:
    """The handler as a module of its own name (all files are called handler.py); loaded once per process."""
    name = f"smartalarm_functions.{path.parent.name}"
    known = sys.modules.get(name)
    if known is not None and known.__file__ == str(path):
        return known
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CatalogError(f"{path.parent.name}: handler.py cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # before it runs: pydantic looks its classes' names up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module
