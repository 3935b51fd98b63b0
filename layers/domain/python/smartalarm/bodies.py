"""A request's JSON body, read into its model."""

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from smartalarm.errors import Malformed, UnsupportedMedia
from smartalarm.http import Request, validation_to_invalid


def read_body(model: type[BaseModel], request: Request) -> BaseModel:
    """The body as the model. Raises UnsupportedMedia, Malformed for what is no JSON in UTF-8, Invalid for wrong content."""
    _check_type(request.headers.get("content-type", ""))
    try:
        from_json(request.body, allow_inf_nan=False)  # a model's own parser takes NaN and Infinity, which JSON has not
    except ValueError:
        raise Malformed("The body is not JSON in UTF-8.") from None
    try:
        return model.model_validate_json(request.body, strict=True)
    except ValidationError as error:
        raise validation_to_invalid(error) from None


def _check_type(content_type: str) -> None:
    media, *parameters = content_type.lower().split(";")
    if media.strip() != "application/json":
        raise UnsupportedMedia("Send the body as application/json.")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedMedia("Send the body as UTF-8.")
