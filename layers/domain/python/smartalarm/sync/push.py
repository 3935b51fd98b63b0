"""Push: a client's mutations, each merged and committed with its recorded outcome, in order, as if nothing else happened.

Nothing is read for a mutation that is new, in a push without clocks from the future, but what it writes to: that an id was
answered before shows when its record cannot be made a second time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from smartalarm.errors import Conflict, NotFound, Unavailable
from smartalarm.ports import ClaimChange, Clock, Commit, Document, Key, Store, Telemetry, Timer
from smartalarm.ringing.late_answers import Effect, LateAnswer, LateAnswers
from smartalarm.sync.clock import KEPT_FOR, Stamp, clamp_all, greatest, is_ahead
from smartalarm.sync.merge import Entity, apply
from smartalarm.sync.mutation import Mutation, Rejection, admit
from smartalarm.sync.pull_cursor import head_to_text
from smartalarm.sync.push_body import MergedOutcome, PushAnswer, PushBody, RejectedOutcome
from smartalarm.sync.stored import entity_of
from smartalarm.sync.values import with_checked_values
from smartalarm.sync.writing import QuotaReached, Writing
from smartalarm.turns import Turns, busy

Outcome = MergedOutcome | RejectedOutcome

RACES: Final = frozenset({"lost_timer", "stale_version"})
"""Codes of commits that somebody else came before: read again, merge again."""
TOLD_CHARACTERS: Final = 200
"""How much of a refused text is told back."""


class Push:
    """Takes pushes."""

    def __init__(
        self,
        store: Store,
        writing: Writing,
        late_answers: LateAnswers,
        turns: Turns,
        clock: Clock,
        telemetry: Telemetry,
    ) -> None:
        self._store = store
        self._writing = writing
        self._late_answers = late_answers
        self._turns = turns
        self._clock = clock
        self._telemetry = telemetry

    def push(self, user: str, body: PushBody) -> PushAnswer:
        """An outcome for each mutation, in order. Raises NotFound(code="no_such_user"), Unavailable.

        After an error the push may be sent again, whole: what was committed is answered as it was.
        """
        try:
            return self._push(user, body)
        except Conflict as conflict:  # no luck in any turn: nothing is wrong with the push, so the client just tries again
            raise Unavailable(conflict.detail, code=conflict.code) from conflict

    def _push(self, user: str, body: PushBody) -> PushAnswer:
        now = self._clock.now()
        first: dict[str, Mutation] = {}
        for sent in body.mutations:
            first.setdefault(sent.id, sent.to_mutation())
        admitted, refused = self._sorted(first.values(), now)
        # Without a clock to clamp, a mutation that was answered before changes nothing and need not be looked for.
        is_clamped = any(is_ahead(mutation.clock, now=now) for mutation in admitted.values())
        outcomes = self._recorded_among(user, first if is_clamped else refused)
        admitted = {mutation_id: good for mutation_id, good in admitted.items() if mutation_id not in outcomes}
        documents = self._read(user, admitted.values())
        seen = greatest(entity_of(document).greatest_clock for document in documents.values())
        clocks = clamp_all([mutation.clock for mutation in admitted.values()], now=now, seen=seen)
        clamped = dict(zip(admitted, clocks, strict=True))
        timers: list[Timer] = []
        for mutation_id, mutation in first.items():
            if mutation_id in outcomes:
                continue
            if mutation_id in refused:
                outcomes[mutation_id] = self._refuse(user, mutation, refused[mutation_id])
            elif mutation.kind == "answer":
                outcomes[mutation_id] = self._answer(user, admitted[mutation_id], clamped[mutation_id], timers)
            else:
                outcomes[mutation_id] = self._merge(user, admitted[mutation_id], clamped[mutation_id], documents)
        self._late_answers.send(timers)
        for effect, number in Counter(outcome.outcome for outcome in outcomes.values()).items():
            self._telemetry.count("sync_mutations_total", number, outcome=effect)
        return PushAnswer(outcomes=tuple(outcomes[sent.id] for sent in body.mutations), cursor=self._head(user))

    def _sorted(self, mutations: Iterable[Mutation], now: datetime) -> tuple[dict[str, Mutation], dict[str, Rejection]]:
        """Those that may be merged, with their values as they are kept, and why the others may not."""
        admitted: dict[str, Mutation] = {}
        refused: dict[str, Rejection] = {}
        for mutation in mutations:
            found = admit(mutation, now=now)
            if isinstance(found, Mutation):
                found = with_checked_values(found)
            if isinstance(found, Mutation):
                found = self._writing.refuses(found) or found
            if isinstance(found, Mutation):
                admitted[mutation.id] = found
            else:
                refused[mutation.id] = found
        return admitted, refused

    def _read(self, user: str, mutations: Iterable[Mutation]) -> dict[Key, Document]:
        """What they write to, as it is. Raises NotFound when the account is gone."""
        profile = Key(user, "profile", "me")
        keys = {_key(user, mutation) for mutation in mutations if mutation.kind != "answer"}
        found = self._store.read([*keys, *({profile} - keys)])
        if profile not in found:
            raise NotFound("This account no longer exists.", code="no_such_user")
        return {key: document for key, document in found.items() if key in keys}

    # ---- one mutation

    def _merge(self, user: str, mutation: Mutation, clock: str, documents: dict[Key, Document]) -> Outcome:
        key = _key(user, mutation)
        for _ in self._turns:
            known = documents.get(key)
            merged = apply(entity_of(known) if known else Entity(), mutation.fields, clock)
            outcome = MergedOutcome(id=mutation.id, outcome=merged.outcome, clock=clock)
            record = self._record(user, outcome)
            try:
                if merged.is_changed:
                    documents[key] = self._writing.write(user, key, known, merged, record)
                else:
                    self._store.commit(Commit(user, self._clock.now(), claims=(record,)))
            except QuotaReached:
                return self._refuse(user, mutation, Rejection("quota", "/kind"))
            except Conflict as conflict:
                if conflict.code == "lost_claim" and (recorded := self._recorded(user, mutation.id)) is not None:
                    self._writing.finish(user, key, known)
                    return recorded
                if conflict.code not in RACES | {"lost_claim"}:
                    raise
                found = self._store.read([key])
                documents.update(found)
                if key not in found:
                    documents.pop(key, None)
                continue
            return outcome
        raise busy()

    def _answer(self, user: str, mutation: Mutation, clock: str, timers: list[Timer]) -> Outcome:
        def outcome_of(effect: Effect) -> MergedOutcome:
            return MergedOutcome(id=mutation.id, outcome=effect, clock=clock)

        answer = LateAnswer.model_validate(mutation.fields)
        device_id = Stamp.parse(clock).client_id
        try:
            applied = self._late_answers.apply(
                user, answer, device_id, lambda effect: self._record(user, outcome_of(effect))
            )
        except Conflict as conflict:
            if conflict.code == "lost_claim" and (recorded := self._recorded(user, mutation.id)) is not None:
                return recorded
            raise
        timers += applied.timers
        return outcome_of(applied.effect)

    def _refuse(self, user: str, mutation: Mutation, rejection: Rejection) -> Outcome:
        outcome = RejectedOutcome(
            id=mutation.id,
            outcome="rejected",
            clock=_told(mutation.clock),
            code=rejection.code,
            pointer=_told(rejection.pointer),
        )
        try:
            self._store.commit(Commit(user, self._clock.now(), claims=(self._record(user, outcome),)))
        except Conflict as conflict:
            if conflict.code != "lost_claim":
                raise
            return self._recorded(user, mutation.id) or outcome
        return outcome

    # ---- what was answered

    def _record(self, user: str, outcome: Outcome) -> ClaimChange:
        value: Mapping[str, Any] = outcome.model_dump(mode="json", exclude={"id"})
        return ClaimChange(_record_key(user, outcome.id), user, value, expires_at=self._clock.now() + KEPT_FOR)

    def _recorded(self, user: str, mutation_id: str) -> Outcome | None:
        claim = self._store.claim(_record_key(user, mutation_id), now=self._clock.now())
        if claim is None:
            return None
        model = RejectedOutcome if claim.value["outcome"] == "rejected" else MergedOutcome
        return model.model_validate({"id": mutation_id, **claim.value})

    def _recorded_among(self, user: str, mutation_ids: Iterable[str]) -> dict[str, Outcome]:
        found = {mutation_id: self._recorded(user, mutation_id) for mutation_id in mutation_ids}
        return {mutation_id: outcome for mutation_id, outcome in found.items() if outcome is not None}

    def _head(self, user: str) -> str:
        return head_to_text(user, self._store.seq(user), self._clock.now())


def _key(user: str, mutation: Mutation) -> Key:
    return Key(user, mutation.kind, mutation.entity_id)


def _record_key(user: str, mutation_id: str) -> str:
    return f"mutation:{user}:{mutation_id}"


def _told(text: str) -> str:
    """A text that a client sent, as it can be sent back: no half characters, and not all of a long one."""
    return text[:TOLD_CHARACTERS].encode("utf-16", "surrogatepass").decode("utf-16", "replace")
