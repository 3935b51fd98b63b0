"""The body of a PATCH: some top-level fields, each replaced whole; what is absent stays as it is, and null is a value.

class NoteChange(Change):
    text: LongText = ABSENT
"""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict

ABSENT: Final[Any] = None
"""The default of a field that may be left out. It is never read: `given` tells what was sent."""


def _drop_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Change(BaseModel):
    """Base of such bodies. A field that may be null says so in its type; for the others null is refused at the field."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_drop_defaults)

    def given(self) -> dict[str, Any]:
        """The fields that were sent, by name, as Python values."""
        return {name: getattr(self, name) for name in type(self).model_fields if name in self.model_fields_set}
