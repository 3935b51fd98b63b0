"""How large the artefacts are, and how large they may be: a large layer is what a cold start waits for."""

from collections.abc import Mapping
from typing import Final

MB: Final = 1_000_000
API_BUDGET_MB: Final = 45
INFERENCE_BUDGET_MB: Final = 180
# Lambda's own limit for a function with its layers is 250 MB.
_SHARED: Final = ("layers/smartalarm.zip", "layers/runtime.zip")
_INFERENCE: Final = (*_SHARED, "layers/inference.zip")

Sizes = Mapping[str, Mapping[str, int]]
"""Path in dist -> {"zipped": bytes, "unzipped": bytes}."""


def size_table(sizes: Sizes) -> str:
    """Layers, the largest function, and what a function takes with its layers, in MB."""
    rows = [(name, sizes[name]["zipped"], sizes[name]["unzipped"], "") for name in sizes if name.startswith("layers/")]
    largest = _largest(sizes)
    rows.append((f"{largest} (the largest)", sizes[largest]["zipped"], sizes[largest]["unzipped"], ""))
    rows += [
        (name, _total(sizes, parts, "zipped"), _total(sizes, parts, "unzipped"), f"{budget} MB")
        for name, parts, budget in _wholes(largest)
    ]
    lines = [f"{'artefact':<44}{'zipped':>10}{'unzipped':>12}  budget"]
    lines += [
        f"{name:<44}{zipped / MB:>7.2f} MB{unzipped / MB:>9.2f} MB  {budget}".rstrip()
        for name, zipped, unzipped, budget in rows
    ]
    return "\n".join(lines)


def over_budget(sizes: Sizes) -> list[str]:
    """A line for each budget that is not kept."""
    found = ((name, _total(sizes, parts, "unzipped") / MB, budget) for name, parts, budget in _wholes(_largest(sizes)))
    return [
        f"{name} takes {size:.1f} MB unzipped; its budget is {budget} MB." for name, size, budget in found if size > budget
    ]


def _wholes(largest: str) -> list[tuple[str, tuple[str, ...], int]]:
    return [
        ("an API function with its layers", (largest, *_SHARED), API_BUDGET_MB),
        ("a function that infers with its layers", (largest, *_INFERENCE), INFERENCE_BUDGET_MB),
    ]


def _largest(sizes: Sizes) -> str:
    return max((name for name in sizes if name.startswith("functions/")), key=lambda name: sizes[name]["unzipped"])


def _total(sizes: Sizes, parts: tuple[str, ...], what: str) -> int:
    return sum(sizes[name][what] for name in parts)
