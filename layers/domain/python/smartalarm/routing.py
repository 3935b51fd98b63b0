"""Routing: which target answers a method and a path; what is said when none does."""

from collections.abc import Iterable
from typing import Generic, NoReturn, TypeVar

from smartalarm.errors import MethodNotAllowed, NotFound
from smartalarm.http import match_path

T = TypeVar("T")


class Router(Generic[T]):
    """Finds targets by path template. Literal segments win over parameters; few routes share a length, so it is quick."""

    def __init__(self, routes: Iterable[tuple[str, str, T]]) -> None:
        self._by_length: dict[int, list[tuple[str, dict[str, T]]]] = {}
        templates: dict[str, dict[str, T]] = {}
        for method, template, target in routes:
            templates.setdefault(template, {})[method] = target
        for template in sorted(templates, key=lambda text: text.replace("{", "~")):
            self._by_length.setdefault(template.count("/"), []).append((template, templates[template]))

    def find(self, method: str, path: str) -> tuple[T, dict[str, str]]:
        """The target and the path's parameters. Raises NotFound, MethodNotAllowed with Allow."""
        allowed: set[str] = set()
        for template, targets in self._by_length.get(path.count("/"), ()):
            values = match_path(template, path)
            if values is None:
                continue
            if method in targets:
                return targets[method], values
            allowed |= set(targets)
        if allowed:
            names = ", ".join(sorted(allowed))
            raise MethodNotAllowed(f"This address answers {names}.", headers={"allow": names})
        raise NotFound("There is nothing at this address.")

    def methods(self, path: str) -> list[str]:
        """The methods that some target has for this path."""
        fitting = [
            targets
            for template, targets in self._by_length.get(path.count("/"), ())
            if match_path(template, path) is not None
        ]
        return sorted({method for targets in fitting for method in targets})

    def refuse(self, method: str, path: str) -> NoReturn:
        """Raise what a path without a function deserves."""
        self.find(method, path)
        raise NotFound("There is nothing at this address.")
