"""What is stored of somebody's sleep, in a form that people and programs can read without knowing how it is packed."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from smartalarm.ports import Document
from smartalarm.settings import Settings
from smartalarm.sleep import stored
from smartalarm.sleep.keeping import is_kept
from smartalarm.sleep.recorded import RECORDING, SUMMARY, Recording, Summary

_KINDS: Final[Mapping[str, type[Recording] | type[Summary]]] = {RECORDING: Recording, SUMMARY: Summary}


def readable(documents: Iterable[Document], settings: Settings, now: datetime) -> Iterator[tuple[Document, dict[str, Any]]]:
    """Each document with its fields, those of nights with one number or word an epoch.

    Nights that were erased or are past their time are left out: what remains of them waits for the next purge.
    """
    for document in documents:
        model = _KINDS.get(document.kind)
        if model is None:
            yield document, dict(document.fields)
        elif not document.deleted:
            kept = model.from_document(document)
            if is_kept(document, kept, settings, now):
                yield document, {**document.fields, **_unpacked(kept)}


def _unpacked(kept: Recording | Summary) -> dict[str, Any]:
    if isinstance(kept, Summary):
        return {} if kept.stages is None else {"stages": list(kept.all_stages)}
    found: dict[str, Any] = {}
    if kept.counts is not None:
        found["counts"] = list(kept.all_counts)
    if kept.heart_rate is not None:
        found["heart_rate"] = list(kept.all_heart_rates)
    if kept.stages is not None:
        found["stages"] = list(kept.all_vendor_stages)
    if kept.confidences is not None:
        found["confidences"] = list(stored.text_to_shares(kept.confidences))
    return found
