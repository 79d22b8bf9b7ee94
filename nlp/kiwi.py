"""The one Korean morphological analyser of a process."""

from __future__ import annotations

from functools import lru_cache

from kiwipiepy import Kiwi


@lru_cache(maxsize=1)
def load_kiwi() -> Kiwi:
    """Return Kiwi with its own dictionary (a second to load; nothing is downloaded)."""
    return Kiwi(num_workers=1, load_multi_dict=False)
