"""The smallest piece of a sentence: a word as it is written and as it is spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple


class Unit(NamedTuple):
    """One written word, how it is pronounced, and the kind of personal data it carries, if any."""

    written: str
    spoken: str
    personal: str = ""


Facts = Mapping[str, str]
"""What a call already knows, by slot name: the customer's own name, phone, account ..."""

Slot = Callable[[Random, Facts], list[Unit]]
"""Fills one slot of a template."""


def words(text: str, personal: str = "") -> list[Unit]:
    """Return one unit for each word of a text that is spoken as written."""
    return [Unit(word, word, personal) for word in text.split(" ")]


def digits(random: Random, count: int) -> str:
    """Return a string of random digits."""
    return "".join(random.choice("0123456789") for _ in range(count))
