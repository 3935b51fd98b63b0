"""A request's JSON body, read into its model."""

from typing import Protocol, Self, runtime_checkable

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from smartalarm.errors import Malformed, UnsupportedMedia
from smartalarm.http import Request, validation_to_invalid


@runtime_checkable
class ReadsItself(Protocol):
    """A body's model that reads its JSON otherwise than all others do; its schema is still the model's."""

    @classmethod
    def from_body(cls, raw: bytes) -> Self:
        """The model. Raises ValueError for what is no JSON in UTF-8, and ValidationError for wrong content."""


def read_body(model: type[BaseModel], request: Request) -> BaseModel:
    """The body as the model. Raises UnsupportedMedia, Malformed for what is no JSON in UTF-8, Invalid for wrong content."""
    _check_type(request.headers.get("content-type", ""))
    if isinstance(model, ReadsItself):
        return _read_itself(model, request.body)
    try:
        from_json(request.body, allow_inf_nan=False)  # a model's own parser takes NaN and Infinity, which JSON has not
    except ValueError:
        raise Malformed("The body is not JSON in UTF-8.") from None
    try:
        return model.model_validate_json(request.body, strict=True)
    except ValidationError as error:
        raise validation_to_invalid(error) from None


def _read_itself(model: ReadsItself, raw: bytes) -> BaseModel:
    try:
        read = model.from_body(raw)
    except ValidationError as error:  # a ValueError, too
        raise validation_to_invalid(error) from None
    except ValueError:
        raise Malformed("The body is not JSON in UTF-8.") from None
    if not isinstance(read, BaseModel):
        raise TypeError(f"{model} does not read a model")
    return read


def _check_type(content_type: str) -> None:
    media, *parameters = content_type.lower().split(";")
    if media.strip() != "application/json":
        raise UnsupportedMedia("Send the body as application/json.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedMedia("Send the body as UTF-8.")
