"""From a function's signature to an HTTP endpoint: where each argument comes from, and how the result leaves.

Positional parameters: those named in the path template, `body` (a pydantic model), anything whose class can read itself
from the request (`from_request`: who is asking, If-Match, Idempotency-Key), the `Request` itself; the rest is the query.
Keyword-only parameters are ports.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import UnionType
from typing import Any, Protocol, Union, get_args, get_origin, get_type_hints, runtime_checkable

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from smartalarm.bodies import read_body
from smartalarm.encodings import unpacked
from smartalarm.errors import (
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    SmartAlarmError,
    TooLarge,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from smartalarm.http import MAX_BODY_BYTES, Reply, Request, Response, match_path, problem, validation_to_invalid
from smartalarm.injection import Injector, ports_of
from smartalarm.ports import Telemetry


@runtime_checkable
class FromRequest(Protocol):
    """A class that reads itself from a request; the keyword-only parameters of `from_request` are ports."""

    @classmethod
    def from_request(cls, request: Request) -> Any:
        """The value, or the error that the caller gets."""


class Query(BaseModel):
    """Base of the model that an endpoint's query parameters are read into."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Endpoint:
    """One HTTP function, ready to answer. `errors` are all it may answer with, for the OpenAPI document."""

    call: Callable[..., Any]
    method: str
    path: str
    status: int
    also: tuple[int, ...]
    errors: tuple[type[SmartAlarmError], ...]
    public: bool
    produces: str
    path_names: tuple[str, ...]
    path_types: dict[str, TypeAdapter[Any]]
    query: type[Query] | None
    body: type[BaseModel] | None
    is_body_optional: bool
    readers: dict[str, type[FromRequest]]
    wants_request: tuple[str, ...]
    result: TypeAdapter[Any] | None

    @property
    def ports(self) -> frozenset[type]:
        """Ports that reading the request needs."""
        return frozenset().union(*(ports_of(reader.from_request) for reader in self.readers.values()))

    def answer(self, request: Request, injector: Injector, path_values: dict[str, str] | None = None) -> Response:
        """Run the function for one request; every error leaves as problem+json, an unforeseen one is logged first."""
        try:
            return self._answer(request, injector, path_values)
        except SmartAlarmError as error:
            if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:  # nobody's fault but ours, so somebody must hear of it
                self._report("endpoint_refused", error, request, injector)
            return problem(_as_seen_outside(error))
        except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
            self._report("endpoint_failed", error, request, injector)
            return problem(SmartAlarmError("Something went wrong on our side. It is logged; please try again."))

    def _report(self, event: str, error: Exception, request: Request, injector: Injector) -> None:
        request_id = request.headers.get("x-request-id", "")
        injector.get(Telemetry).problem(event, error, function=self.call.__name__, request_id=request_id)

    def _answer(self, request: Request, injector: Injector, path_values: dict[str, str] | None) -> Response:
        values = path_values if path_values is not None else match_path(self.path, request.path) if self.path != "*" else {}
        if values is None:
            raise NotFound("There is nothing at this address.")
        if len(request.body) > MAX_BODY_BYTES:
            raise TooLarge(f"The body may have at most {MAX_BODY_BYTES} bytes.")
        request = unpacked(request)
        arguments: dict[str, Any] = {}
        for name, reader in self.readers.items():
            arguments[name] = reader.from_request(request, **injector.arguments(reader.from_request))
        for name in self.path_names:
            try:
                arguments[name] = self.path_types[name].validate_strings(values[name])
            except ValidationError as error:
                raise validation_to_invalid(error, f"/{name}") from None
        if self.query is not None:
            arguments |= self._read_query(self.query, request)
        elif request.query:
            self._read_query(Query, request)
        if self.body is not None:
            is_left_out = self.is_body_optional and not request.body
            arguments["body"] = self.body() if is_left_out else read_body(self.body, request)
        for name in self.wants_request:
            arguments[name] = request
        return self._respond(self.call(**arguments, **injector.arguments(self.call)))

    def _read_query(self, model: type[Query], request: Request) -> dict[str, Any]:
        items = request.query_items
        given = dict(items)
        if len(given) != len(items):
            doubled = next(name for name, _ in items if [n for n, _ in items].count(name) > 1)
            raise Invalid.field(f"/{doubled}", "This parameter is given twice.")
        try:
            read = model.model_validate_strings(given)
        except ValidationError as error:
            raise validation_to_invalid(error) from None
        return {name: getattr(read, name) for name in model.model_fields}

    def _respond(self, result: Any) -> Response:
        if isinstance(result, Response):
            return result
        status, headers = self.status, {}
        if isinstance(result, Reply):
            status, headers, result = result.status or self.status, dict(result.headers), result.body
        if result is None or self.result is None:
            return Response(status if status != 200 else 204, b"", headers)  # noqa: PLR2004  HTTP's own numbers
        version = getattr(result, "version", None)
        if isinstance(version, int):
            headers.setdefault("etag", f'"{version}"')
        headers.setdefault("content-type", self.produces)
        return Response(status, self.result.dump_json(result, by_alias=True), headers)


def _as_seen_outside(error: SmartAlarmError) -> SmartAlarmError:
    """A signed-in caller whose account is gone is simply not signed in."""
    return Unauthenticated("This account no longer exists.") if error.code == "no_such_user" else error


def endpoint_from(
    call: Callable[..., Any],
    *,
    method: str,
    path: str,
    status: int,
    errors: tuple[type[SmartAlarmError], ...],
    also: tuple[int, ...],
    public: bool,
    produces: str,
) -> Endpoint:
    """Read the signature. Raises TypeError at import for anything that could not be answered at run time."""
    hints = get_type_hints(call, include_extras=True)
    parameters = [p for p in inspect.signature(call).parameters.values() if p.kind is not inspect.Parameter.KEYWORD_ONLY]
    path_names = tuple(part[1:-1] for part in path.split("/") if part.startswith("{"))
    readers: dict[str, type[FromRequest]] = {}
    wants_request: list[str] = []
    query: dict[str, Any] = {}
    body: type[BaseModel] | None = None
    is_body_optional = False
    for parameter in parameters:
        name, hint = parameter.name, hints[parameter.name]
        if name in path_names:
            continue
        if name == "body":
            body, is_body_optional = hint, parameter.default is not inspect.Parameter.empty
        elif hint is Request:
            wants_request.append(name)
        elif isinstance(hint, type) and hasattr(hint, "from_request"):
            readers[name] = hint
        elif parameter.default is inspect.Parameter.empty:
            raise TypeError(f"{call.__name__}: parameter {name!r} is neither in the path nor has a default")
        else:
            query[name] = (hint, parameter.default)
    missing = set(path_names) - {p.name for p in parameters}
    if missing:
        raise TypeError(f"{call.__name__}: the path names {sorted(missing)}, the signature does not")
    is_guarded = any(getattr(reader, "is_credential", False) for reader in readers.values())
    if is_guarded == public:
        raise TypeError(f"{call.__name__}: say public=True, or ask for who is calling; not both, not neither")
    result_type = _body_type(hints.get("return"))
    has_result = result_type not in (None, type(None), Response)
    implied: list[type[SmartAlarmError]] = [Invalid, Unavailable]
    implied += [Malformed, TooLarge, UnsupportedMedia] if body else []
    implied += [Unauthenticated, Forbidden][: 1 if is_guarded else 0]
    implied += [NotFound] if path_names else []
    return Endpoint(
        call=call,
        method=method,
        path=path,
        status=status,
        also=also,
        errors=tuple(dict.fromkeys([*implied, *errors])),
        public=public,
        produces=produces,
        path_names=path_names,
        path_types={name: TypeAdapter(hints[name]) for name in path_names},
        query=create_model(f"{call.__name__}_query", __base__=Query, **query) if query else None,
        body=body,
        is_body_optional=is_body_optional,
        readers=readers,
        wants_request=tuple(wants_request),
        result=TypeAdapter(result_type) if has_result else None,
    )


def _body_type(hint: Any) -> Any:
    """What the answer's body holds: X for `X`, `Reply[X]` and `Reply[X] | None` (sometimes there is nothing to say: 204)."""
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    replies = [part for part in parts if get_origin(part) is Reply]
    return get_args(replies[0])[0] if replies else hint
