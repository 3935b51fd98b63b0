"""How pokes reach sockets. A module of its own: a function loads it when it has something to tell; most calls have not."""

from collections.abc import Mapping, Sequence

from smartalarm.ports import Clock, Connections, Sockets, Telemetry
from smartalarm.ringing.told import PokeMessage
from smartalarm.sync.pull_cursor import head_to_text


class Teller:
    """Posts pokes. It never raises: a poke that is lost costs a client nothing but the time until its next pull."""

    def __init__(self, connections: Connections, sockets: Sockets, clock: Clock, telemetry: Telemetry) -> None:
        self._connections = connections
        self._sockets = sockets
        self._clock = clock
        self._telemetry = telemetry

    def __call__(self, seqs: Mapping[str, int]) -> None:
        """Tell each user's sockets where the server stands."""
        try:
            found, now = self._connections.of(seqs), self._clock.now()
            words = {user: PokeMessage(cursor=head_to_text(user, seqs[user], now)).to_json() for user in found}
            told = [(connection, words[user]) for user, there in found.items() for connection in there]
            alive: Sequence[bool] = self._sockets.post(told) if told else ()
            for (connection, _), is_alive in zip(told, alive, strict=True):
                if not is_alive:
                    self._connections.close(connection.id)
        except Exception as error:  # noqa: BLE001  the thread goes on with the next, a function has its answer already
            self._telemetry.problem("poke_failed", error)
