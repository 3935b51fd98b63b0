"""The body of a push and its answer, as they go over the wire.

The envelope is strict. What a mutation holds is not looked at here: a poisoned value must refuse its own mutation alone.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from smartalarm.lenient_json import read_lenient
from smartalarm.sync.clock import ClientId
from smartalarm.sync.merge import MergeOutcome
from smartalarm.sync.mutation import Mutation, RejectionCode

MAX_MUTATIONS: Final = 100


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Input should be a valid string")  # noqa: TRY004  pydantic makes a finding of it
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("Input should be an object")  # noqa: TRY004  the same
    return value


AnyText = Annotated[Any, AfterValidator(_text), WithJsonSchema({"type": "string"})]
"""A text with whatever is in it; pydantic's own refuses a lone surrogate, and so the whole push."""
MutationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,100}$")]


class MutationBody(BaseModel):
    """One write of some fields of one entity."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: MutationId = Field(description="Names the mutation itself; sent again it is answered as before.")
    kind: AnyText = Field(description="alarm, skip, settings, profile, device or answer", examples=["alarm"])
    entity_id: AnyText = Field(description="`me` for settings and profile, the occurrence's id for a skip")
    fields: Annotated[Any, AfterValidator(_object), WithJsonSchema({"type": "object", "additionalProperties": True})] = (
        Field(description="Top-level fields of the resource, each replaced whole; `deleted` among them")
    )
    clock: AnyText = Field(examples=["1796108340000-0000-phone"])

    def to_mutation(self) -> Mutation:
        """The same for the merge."""
        return Mutation(self.id, self.kind, self.entity_id, self.fields, self.clock)


class PushBody(BaseModel):
    """Mutations of one client, in the order of its outbox."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    client_id: ClientId
    mutations: Annotated[list[MutationBody], Field(max_length=MAX_MUTATIONS)]

    @classmethod
    def from_body(cls, raw: bytes) -> Self:
        """See smartalarm.bodies.ReadsItself."""
        return cls.model_validate(read_lenient(raw))


class MergedOutcome(BaseModel):
    """The mutation was merged: all of its fields stand, some do, or none. `clock` is the one they stand with."""

    model_config = ConfigDict(frozen=True)

    id: str
    outcome: MergeOutcome
    clock: str


class RejectedOutcome(BaseModel):
    """The mutation was refused, and changed nothing. `pointer` (RFC 6901) is into the mutation."""

    model_config = ConfigDict(frozen=True)

    id: str
    outcome: Literal["rejected"]
    clock: str
    code: RejectionCode
    pointer: str


class PushAnswer(BaseModel):
    """An outcome for each mutation, in order.

    `cursor`: where the server stands now. A client pulls from the cursor of its own last pull: others wrote, too.
    """

    model_config = ConfigDict(frozen=True)

    outcomes: tuple[MergedOutcome | RejectedOutcome, ...]
    cursor: str
