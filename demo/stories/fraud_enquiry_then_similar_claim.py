"""What does a broken bone pay? And some days later a bone is broken."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.period import at
from demo.stories.story import Story, late_day

_ACCIDENTS = ("fracture", "glass", "surgery")


def _ask_then_claim(diary: Diary, random: Random, asked_about: str, claimed: str) -> None:
    asked = at(late_day(diary.period, random, 0.2, 0.6), random.uniform(9, 17))
    diary.business(asked, "payout.enquired", "core", accident_type=asked_about, via="call")
    diary.business(
        asked + at(random.randrange(2, 8), 1),
        "claim.filed",
        "core",
        claim_id=diary.reference("CL"),
        line="health",
        accident_type=claimed,
        amount=10_000 * random.randrange(50, 900),
    )


def _play(diary: Diary, random: Random) -> None:
    accident = random.choice(_ACCIDENTS)
    _ask_then_claim(diary, random, accident, accident)


def _miss(diary: Diary, random: Random) -> None:
    _ask_then_claim(diary, random, "fracture", "parking")


STORY = Story("fraud-enquiry-then-similar-claim", _play, _miss)
