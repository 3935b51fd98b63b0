"""JSON Schemas (2020-12) of all types of the document at once, so that a type used twice is described once."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

Json = dict[str, Any]
Mode = Literal["validation", "serialization"]
NAMED: Final = "#/components/schemas/"
_QUERY: Final = "_query"  # the suffix that smartalarm.endpoint gives to the models of query parameters


class _Generator(GenerateJsonSchema):
    """Pydantic's, but what we send always has all its fields, and fields have no titles beside their names."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001  pydantic's signature
    ) -> bool:
        if self.mode == "serialization" and field["type"] != "typed-dict-field":
            return not field.get("serialization_exclude")
        return super().field_is_required(field, total)

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  pydantic's signature
        return False


class SchemaWriter:
    """The schemas of many types. `components` are those with a name; `hidden` those that become query parameters."""

    def __init__(self, adapters: Iterable[tuple[str, Mode, TypeAdapter[Any]]]) -> None:
        inputs: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = list(adapters)
        found, shared = TypeAdapter.json_schemas(inputs, ref_template=NAMED + "{model}", schema_generator=_Generator)
        self._found = found
        named: Json = shared.get("$defs", {})
        self.hidden: Json = {name: schema for name, schema in named.items() if name.endswith(_QUERY)}
        self.components: Json = {name: _untitled(schema) for name, schema in named.items() if name not in self.hidden}

    def of(self, name: str, mode: Mode) -> Json:
        """The schema of one type, often only a reference into `components`."""
        return dict(self._found[name, mode])


def resolved(schema: Json, components: Mapping[str, Json]) -> Json:
    """The schema that a reference names, or the schema itself."""
    name = schema.get("$ref", "")
    return components.get(name.removeprefix(NAMED), schema) if name else schema


def without_null(schema: Json) -> Json:
    """The schema of what is there: `X | None` as X. An absent query parameter or body is not sent as null."""
    found = dict(schema)
    if "default" in found and found["default"] is None:
        del found["default"]
    branches = [branch for branch in found.get("anyOf", ()) if branch.get("type") != "null"]
    if len(branches) == 1:
        del found["anyOf"]
        return {**branches[0], **found}
    if branches:
        found["anyOf"] = branches
    return found


def _untitled(schema: Json) -> Json:
    return {key: value for key, value in schema.items() if key != "title"}
