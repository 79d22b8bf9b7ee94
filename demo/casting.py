"""Who plays which story: decided block by block, so that a bank of any size has every behaviour in the same share."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from demo.customer import Customer
from demo.period import Period
from demo.stories import Story, load_stories

PLAYER, NEAR_MISS = "player", "near_miss"


def cast(block: Sequence[Customer], seed: int, number: int, period: Period) -> None:
    """Give the customers of a block their roles, and prepare players for them.

    Whoever has the fewest roles so far is asked first; what a player then does depends on the story and the
    customer alone, so that a new story changes nothing that others do.
    """
    for story in load_stories():
        if period.days < story.min_days:
            continue
        random = Random(f"{seed}:cast:{story.id}:{number}")
        candidates = random.sample(block, len(block))
        suited = [c for c in candidates if story.suits(c, period)]
        suited.sort(key=lambda c: len(c.roles))
        players = suited[: story.players]
        for customer in players:
            story.prepare(customer, period, random)
            customer.roles.append((story.id, PLAYER))
        misses = [c for c in candidates if c not in players]
        misses.sort(key=lambda c: len(c.roles))
        for customer in misses[: story.near_misses]:
            customer.roles.append((story.id, NEAR_MISS))


def story_by_id() -> dict[str, Story]:
    """Return the stories by their scenario's name."""
    return {story.id: story for story in load_stories()}
