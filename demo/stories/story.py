"""What a story is, and how the modules of this package are found."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.period import Period

BLOCK = 50
"""Customers are met in blocks of fifty, and every block plays every story."""


def _anyone(customer: Customer, period: Period) -> bool:
    return True


def _as_they_are(customer: Customer, period: Period, random: Random) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Story:
    """A behaviour with a name.

    Attributes:
        id: the scenario of the business's list that it sets off.
        play: writes the behaviour into a diary.
        miss: writes one that comes close and must not count.
        suits: who can play it.
        prepare: changes a player before the period begins: a holding, a consent, a life event.
        players: how many of fifty customers play it.
        near_misses: how many of fifty come close.
        min_days: periods shorter than this leave it out.
    """

    id: str
    play: Callable[[Diary, Random], None]
    miss: Callable[[Diary, Random], None]
    suits: Callable[[Customer, Period], bool] = _anyone
    prepare: Callable[[Customer, Period, Random], None] = _as_they_are
    players: int = 1
    near_misses: int = 1
    min_days: int = 10


@cache
def load_stories() -> tuple[Story, ...]:
    """Return the stories of all modules of this package, by name of module."""
    import demo.stories as package

    names = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if m.name != "story")
    modules = (importlib.import_module(f"{package.__name__}.{name}") for name in names)
    return tuple(story for story in (getattr(m, "STORY", None) for m in modules) if isinstance(story, Story))


def late_day(period: Period, random: Random, first: float, last: float) -> int:
    """Return a day between two fractions of the period."""
    return random.randrange(int(period.days * first), max(int(period.days * first) + 1, int(period.days * last)))
