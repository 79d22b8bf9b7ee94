"""Keeping fitted models: traits, whole-number weights and the places of words in one compressed file a language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

MOST = 127
Names = dict[str, int]


def write(path: Path, arrays: dict[str, Any], mark: str) -> None:
    """Write named arrays and the mark of what they were made from."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, mark=pack_text([mark]), **arrays)


def read(path: Path, mark: str) -> dict[str, Any] | None:
    """Return the arrays of a file; None where there is none, or it was made from something else."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as kept:
        if unpack_text(kept["mark"]) != [mark]:
            return None
        return {name: kept[name] for name in kept.files}


def pack_text(texts: Sequence[str]) -> Any:  # noqa: ANN401 - an array of bytes
    """Return texts without line breaks as one array of bytes."""
    return np.frombuffer("\n".join(texts).encode(), dtype=np.uint8)


def unpack_text(packed: Any) -> list[str]:  # noqa: ANN401 - an array of bytes
    """Return the texts again."""
    return packed.tobytes().decode().split("\n")


def in_whole_numbers(weights: Any) -> tuple[Any, Any]:  # noqa: ANN401 - arrays
    """Return weights as whole numbers from -127 to 127 and the scale of each column."""
    scale = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32) / MOST
    return np.rint(weights / scale).astype(np.int8), scale
