"""Sleep staging by the trained models, run by onnxruntime inside the function that asks.

numpy and onnxruntime are loaded when a model is first used: what never infers neither has nor pays for them.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from smartalarm.errors import Unavailable
from smartalarm.ports import STAGES, Staging, StagingMode

if TYPE_CHECKING:
    from smartalarm.sleep.card import Card

# Deployed, they lie in the package; in the source tree at the root, above layers/domain/python/smartalarm/adapters.
_PLACES: Final = tuple(Path(normpath(Path(__file__).parent / place)) for place in ("../models", "../../../../../models"))
_DRIVER: Final = "onnxruntime"


class ModelUnusable(ValueError):
    """A model and its card do not fit each other, or this version; the text says which and why, for the log."""


@dataclass(frozen=True, slots=True)
class _Model:
    card: "Card"
    infer: Callable[[Any], Any]


class OnnxStager:
    """`SleepStager` by the models in `folder`. One is opened at its first use, once however many ask at the same time.

    One thread for each call: a function has a part of one core, and the server's other requests want theirs.
    """

    def __init__(self, folder: Path | None = None) -> None:
        deployed, source = _PLACES
        self._folder = folder or (deployed if deployed.is_dir() else source)
        self._lock = threading.Lock()
        self._models: dict[StagingMode, _Model] = {}

    def stage(self, counts: Sequence[float | None], heart_rate: Sequence[float | None] | None, mode: StagingMode) -> Staging:
        """See `SleepStager.stage`."""
        with _unavailable(mode):
            from smartalarm.sleep.staging import stage  # loads numpy

            model = self._model(mode)
            return stage(counts, heart_rate, mode, model.infer, model.card)

    def _model(self, mode: StagingMode) -> _Model:
        if (found := self._models.get(mode)) is None:
            with self._lock:
                if (found := self._models.get(mode)) is None:
                    found = self._models[mode] = _open(self._folder, mode)
        return found


def _open(folder: Path, mode: StagingMode) -> _Model:
    """Raises ModelUnusable, and whatever reading files, cards and graphs raises."""
    from smartalarm.sleep.card import read_card  # what never infers need not know cards
    from smartalarm.sleep.staging import check_features  # loads numpy

    card = read_card(folder / f"sleep-{mode}.json")
    check_features(card, mode)
    graph = (folder / Path(card.onnx).name).read_bytes()
    if hashlib.sha256(graph).hexdigest() != card.sha256:
        raise ModelUnusable(f"{card.onnx} is not the file that its card describes: its SHA-256 is another one")
    return _Model(card, _inference(graph))


def _inference(graph: bytes) -> Callable[[Any], Any]:
    """Features [1, n, F] to probabilities [n, 4]."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors; the rest would go to standard error past the log
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])

    def infer(features: Any) -> Any:
        (probabilities,) = session.run(["probabilities"], {"features": features})
        return probabilities.reshape(-1, len(STAGES))

    return infer


@contextmanager
def _unavailable(mode: StagingMode) -> Iterator[None]:
    """Whatever is wrong with the model, its files or its library: the caller hears that there is none now, the log why."""
    try:
        yield
    except Exception as error:
        is_the_drivers = type(error).__module__.partition(".")[0] == _DRIVER
        if not is_the_drivers and not isinstance(error, (ImportError, OSError, ValueError, LookupError, RuntimeError)):
            raise
        raise Unavailable(f"Sleep cannot be analyzed right now (model {mode}).", code="model_unavailable") from error
