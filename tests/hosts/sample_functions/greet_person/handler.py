"""POST /api/v1/people/{person}/greetings: every kind of input, one cookie, any text."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from smartalarm.errors import Conflict
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply, Request
from smartalarm.preconditions import IfMatch


class NewGreeting(BaseModel):
    """What to say."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=50)]
    times: Annotated[int, Field(ge=1, le=3)] = 1


class GreetingView(BaseModel):
    """What was said, and what the host told about the request."""

    said: str
    person: str
    tone: str
    client_address: str
    scheme: str
    cookies: dict[str, str]
    version: int


@endpoint("POST", "/api/v1/people/{person}/greetings", status=201, public=True, errors=(Conflict,))
def greet_person(
    person: Annotated[str, Field(max_length=40)],
    body: NewGreeting,
    request: Request,
    if_match: IfMatch,
    tone: Literal["warm", "cool"] | None = None,
) -> Reply[GreetingView]:
    """Greet somebody.

    Version 7 is the only one there is.
    """
    if if_match.version not in {None, 7}:
        raise Conflict("Somebody greeted before you.", code="stale_version")
    view = GreetingView(
        said=" ".join([body.text] * body.times),
        person=person,
        tone=tone or "warm",
        client_address=request.client_address,
        scheme=request.scheme,
        cookies=request.cookies,
        version=7,
    )
    return Reply(view, headers={"set-cookie": "greeted=yes; Path=/; HttpOnly; SameSite=Strict"})


aws, gcp, oci = entrypoints(greet_person)
