"""The OpenAPI 3.1 document, from the functions' declarations alone: what they accept, answer and may refuse."""

import inspect
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, get_type_hints

from pydantic import TypeAdapter

from smartalarm.errors import SmartAlarmError, TooMany, Unauthenticated, Unavailable
from smartalarm.function import Declaration, EndpointFunction
from smartalarm.http import PROBLEM, Response
from smartalarm.openapi_schemas import NAMED, Mode, SchemaWriter, resolved, without_null

Json = dict[str, Any]
API_VERSION: Final = "1.0.0"
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})
_METHODS: Final = ("GET", "PUT", "POST", "PATCH", "DELETE")
_NO_CONTENT: Final = 204
_FIRST_ERROR: Final = 400
_READER_KEYS: Final = {"parameters", "security"}
_SECURITY_SCHEMES: Final[Json] = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token, see /auth/login."}
}

_PROBLEM_SCHEMA: Final[Json] = {
    "type": "object",
    "description": "What went wrong (RFC 9457). `code` is for programs, `detail` for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Only with 422: every field that is wrong; `pointer` is a JSON pointer (RFC 6901).",
            "items": {
                "type": "object",
                "required": ["pointer", "message"],
                "properties": {"pointer": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
_HEADERS: Final[dict[type[SmartAlarmError], tuple[str, Json]]] = {
    TooMany: ("Retry-After", {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}),
    Unavailable: ("Retry-After", {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}}),
    Unauthenticated: ("WWW-Authenticate", {"description": "Always Bearer.", "schema": {"type": "string"}}),
}
_ETAG: Final[Json] = {
    "ETag": {"description": "The version, in quotes.", "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
}


def build_document(
    declarations: Iterable[Declaration], messages: Mapping[str, tuple[Mode, TypeAdapter[Any]]] = _NOTHING
) -> Json:
    """The document as plain JSON values; `messages` become schemas by their names, though no path mentions them.

    Raises ValueError when a reader's `openapi` has a key that means nothing here.
    """
    functions = sorted(
        (d for d in declarations if isinstance(d, EndpointFunction) and d.endpoint.method in _METHODS), key=lambda d: d.name
    )
    beside = [(f"message/{name}", mode, adapter) for name, (mode, adapter) in messages.items()]
    schemas = SchemaWriter([*_adapters(functions), *beside])
    told = {name: schemas.of(f"message/{name}", mode) for name, (mode, _) in messages.items()}
    components: Json = {
        "schemas": {**schemas.components, **told, "Problem": _PROBLEM_SCHEMA},
        "responses": {},
        "securitySchemes": _SECURITY_SCHEMES,
    }
    paths: Json = {}
    for function in functions:
        operation = _operation(function, schemas, components)
        paths.setdefault(function.endpoint.path, {})[function.endpoint.method.lower()] = operation
    tags = sorted({tag for operations in paths.values() for operation in operations.values() for tag in operation["tags"]})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Smart Alarm",
            "version": API_VERSION,
            "description": "The alarm clock people trust more than their phone's. Bodies may be sent with "
            "`Content-Encoding: gzip`; unpacked, they have at most 256 KiB.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": components,
    }


def _adapters(functions: Iterable[EndpointFunction]) -> Iterable[tuple[str, Mode, TypeAdapter[Any]]]:
    """Everything that has a schema, under the name by which `_operation` asks for it."""
    for function in functions:
        name, endpoint = function.name, function.endpoint
        for path_name, adapter in endpoint.path_types.items():
            yield f"{name}/path/{path_name}", "validation", adapter
        if endpoint.query is not None:
            yield f"{name}/query", "validation", TypeAdapter(endpoint.query)
        if endpoint.body is not None:
            yield f"{name}/body", "validation", TypeAdapter(endpoint.body)
        if endpoint.result is not None:
            yield f"{name}/result", "serialization", endpoint.result


def _operation(function: EndpointFunction, schemas: SchemaWriter, components: Json) -> Json:
    endpoint = function.endpoint
    _, _, more = inspect.cleandoc(function.call.__doc__ or "").partition("\n")
    operation: Json = {"operationId": function.name, "summary": function.summary, "tags": [_tag(endpoint.path)]}
    if more.strip():
        operation["description"] = more.strip()
    parameters = [*_path_parameters(function, schemas), *_query_parameters(function, schemas)]
    for reader in endpoint.readers.values():
        said: Mapping[str, Any] = getattr(reader, "openapi", {})
        if unknown := set(said) - _READER_KEYS:
            raise ValueError(f"{reader.__name__}.openapi: {sorted(unknown)} mean nothing; known are {sorted(_READER_KEYS)}")
        parameters += said.get("parameters", ())
        if "security" in said:
            operation.setdefault("security", []).extend(said["security"])
    if parameters:
        operation["parameters"] = parameters
    if endpoint.body is not None:
        content = {"application/json": {"schema": schemas.of(f"{function.name}/body", "validation")}}
        operation["requestBody"] = {"required": not endpoint.is_body_optional, "content": content}
    operation["responses"] = {**_successes(function, schemas), **_refusals(function, components)}
    return operation


def _tag(path: str) -> str:
    """The folder that the path lies in: `/api/v1/alarms/{id}` is one of the alarms."""
    return path.removeprefix("/api/v1").strip("/").partition("/")[0] or "root"


def _path_parameters(function: EndpointFunction, schemas: SchemaWriter) -> Iterable[Json]:
    for name in function.endpoint.path_names:
        schema = schemas.of(f"{function.name}/path/{name}", "validation")
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(function: EndpointFunction, schemas: SchemaWriter) -> Iterable[Json]:
    if function.endpoint.query is None:
        return
    model = resolved(schemas.of(f"{function.name}/query", "validation"), schemas.hidden)
    for name, found in model["properties"].items():
        schema = without_null(found)
        parameter: Json = {"name": name, "in": "query", "required": name in model.get("required", ()), "schema": schema}
        if "$ref" not in schema and (description := schema.pop("description", None)):
            parameter["description"] = description
        yield parameter


def _successes(function: EndpointFunction, schemas: SchemaWriter) -> Json:
    endpoint = function.endpoint
    returns_response = get_type_hints(function.call).get("return") is Response
    answers: Json = {}
    for status in (endpoint.status, *(also for also in endpoint.also if also < _FIRST_ERROR)):
        answer: Json = {"description": "Done." if status == _NO_CONTENT else function.summary}
        if endpoint.result is not None and status != _NO_CONTENT:
            schema = without_null(schemas.of(f"{function.name}/result", "serialization"))
            answer["content"] = {endpoint.produces: {"schema": schema}}
            said = resolved(schema, schemas.components).get("properties", {})
            if said.get("version", {}).get("type") == "integer":  # a document's own; a model's is a text
                answer["headers"] = _ETAG
        elif returns_response and status != _NO_CONTENT:
            schema = {"type": "object" if "json" in endpoint.produces else "string"}
            answer["content"] = {endpoint.produces: {"schema": schema}}
        elif status == 200:  # noqa: PLR2004  nothing to say is 204, see Endpoint
            status, answer = _NO_CONTENT, {"description": "Done."}  # noqa: PLW2901  the same
        answers[str(status)] = answer
    return answers


def _refusals(function: EndpointFunction, components: Json) -> Json:
    answers: Json = {}
    also = [leaf for leaf in SmartAlarmError.__subclasses__() if leaf.status in function.endpoint.also]
    for error in (*function.endpoint.errors, *also):
        tree = [base for base in error.__mro__ if issubclass(base, SmartAlarmError) and base.status == error.status]
        known = tree[-1]  # a special case answers like the leaf of the tree that it is one of
        response: Json = {
            "description": inspect.cleandoc(known.__doc__ or known.title).partition("\n")[0],
            "content": {PROBLEM: {"schema": {"$ref": f"{NAMED}Problem"}}},
        }
        if known in _HEADERS:
            response["headers"] = dict([_HEADERS[known]])
        components["responses"][known.__name__] = response
        answers[str(error.status)] = {"$ref": f"#/components/responses/{known.__name__}"}
    return answers
