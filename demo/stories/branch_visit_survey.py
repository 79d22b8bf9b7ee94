"""A visit to the branch."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.period import at
from demo.stories.story import Story, late_day

_PURPOSES = ("deposit", "loan", "card", "transfer", "consultation")


def _play(diary: Diary, random: Random) -> None:
    moment = at(late_day(diary.period, random, 0.1, 0.97), random.uniform(9.5, 15.8))
    branch, purpose = diary.customer.region, random.choice(_PURPOSES)
    diary.business(moment, "branch_visit.ended", "branch", branch=branch, purpose=purpose)


def _miss(diary: Diary, random: Random) -> None:
    """Look up where the branch is and stay at home."""
    session = diary.visit(at(late_day(diary.period, random, 0.1, 0.97), random.uniform(9, 20)))
    session.screen("branch_finder")
    session.end()


STORY = Story("branch-visit-survey", _play, _miss, players=3)
