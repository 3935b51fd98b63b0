"""Numbers in a query, and the parameters of lists: `?limit=` (1-200) and `?after=` (a former page's `next`)."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

_WHOLE_NUMBER: Final = re.compile(r"-?[0-9]{1,10}", re.ASCII)


def _only_digits(value: Any) -> Any:
    """Pydantic would also read " 5", "+5", "5.0" and "1_0" as numbers."""
    if isinstance(value, str) and not _WHOLE_NUMBER.fullmatch(value):
        raise ValueError("Write a whole number, like 50.")
    return value


InDigits: Final = BeforeValidator(_only_digits)
"""Annotation of an int: in a query it is written in plain digits."""

Limit = Annotated[int, Field(ge=1, le=200, description="How many items at most."), InDigits]
After = Annotated[str | None, Field(max_length=1000, description="The `next` of the page before.")]
