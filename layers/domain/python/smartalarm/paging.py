"""The parameters of lists: `?limit=` (1-200) and `?after=` (a former page's `next`)."""

from typing import Annotated

from pydantic import Field

Limit = Annotated[int, Field(ge=1, le=200, description="How many items at most.")]
After = Annotated[str | None, Field(max_length=1000, description="The `next` of the page before.")]
