"""How pokes reach sockets. A module of its own: a function loads it when it has something to tell; most calls have not."""

from collections.abc import Mapping, Sequence

from smartalarm.ports import Connections, Sockets, Telemetry
from smartalarm.ringing.told import PokeMessage


class Teller:
    """Posts pokes. It never raises: a poke that is lost costs a client nothing but the time until its next pull."""

    def __init__(self, connections: Connections, sockets: Sockets, telemetry: Telemetry) -> None:
        self._connections = connections
        self._sockets = sockets
        self._telemetry = telemetry

    def __call__(self, seqs: Mapping[str, int]) -> None:
        """Tell each user's sockets the seq."""
        try:
            found = self._connections.of(seqs)
            told = [(c, PokeMessage(cursor=str(seqs[user])).to_json()) for user, there in found.items() for c in there]
            alive: Sequence[bool] = self._sockets.post(told) if told else ()
            for (connection, _), is_alive in zip(told, alive, strict=True):
                if not is_alive:
                    self._connections.close(connection.id)
        except Exception as error:  # noqa: BLE001  the thread goes on with the next, a function has its answer already
            self._telemetry.problem("poke_failed", error)
