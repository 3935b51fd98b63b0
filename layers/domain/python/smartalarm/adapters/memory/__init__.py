"""Everything in this process's memory: for unit tests and simulations. It passes the same contract suite as the rest."""

from smartalarm.adapters.memory.connections import MemoryConnections
from smartalarm.adapters.memory.counters import MemoryCounters
from smartalarm.adapters.memory.stager import MemoryStager
from smartalarm.adapters.memory.store import MemoryStore

__all__ = ["MemoryConnections", "MemoryCounters", "MemoryStager", "MemoryStore"]
