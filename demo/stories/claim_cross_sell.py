"""A claim is filed and reviewed."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import Diary
from demo.period import Period, at
from demo.stories.story import Story, late_day

_ACCIDENTS = {"car": ("collision", "parking", "glass"), "life": ("disability",), "health": ("fracture", "surgery")}


def _prepare(customer: Customer, period: Period, random: Random) -> None:
    customer.consent_to("marketing_offers")


def _play(diary: Diary, random: Random) -> None:
    line = random.choice(tuple(_ACCIDENTS))
    filed = at(late_day(diary.period, random, 0.2, 0.9), random.uniform(9, 18))
    claim, amount = diary.reference("CL"), 10_000 * random.randrange(20, 900)
    accident = random.choice(_ACCIDENTS[line])
    diary.business(filed, "claim.filed", "core", claim_id=claim, line=line, accident_type=accident, amount=amount)
    diary.business(filed + at(1, 1), "claim.reviewed", "core", claim_id=claim, state="under_review")
    diary.business(filed + at(4, 2), "claim.reviewed", "core", claim_id=claim, state=random.choice(("paid", "refused")))


def _miss(diary: Diary, random: Random) -> None:
    """Ask about a claim and file none."""
    day = late_day(diary.period, random, 0.2, 0.9)
    diary.business(at(day, 14), "payout.enquired", "branch", accident_type="surgery", via="branch")


STORY = Story("claim-cross-sell", _play, _miss, prepare=_prepare)
