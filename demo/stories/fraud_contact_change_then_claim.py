"""A phone number, address or password is changed, and a claim follows within days."""

from __future__ import annotations

from random import Random

from demo.diary import WEB, Diary
from demo.period import at
from demo.stories.story import Story, late_day


def _change_then_claim(diary: Diary, random: Random, gap_days: int, field: str) -> None:
    changed = at(late_day(diary.period, random, 0.1, 0.5), random.uniform(9, 18))
    if random.random() < 0.5:
        session = diary.visit(changed, WEB)
        session.screen("settings")
        session.track("contact.changed", field=field, via="web")
        session.end()
    else:
        diary.business(changed, "contact.changed", "core", field=field, via="call")
        diary.call(changed - 300_000, "contact_change", priority=1)
    claimed = changed + at(gap_days, random.uniform(1, 5))
    amount = 10_000 * random.randrange(100, 2_000)
    diary.business(
        claimed,
        "claim.filed",
        "core",
        claim_id=diary.reference("CL"),
        line="car",
        accident_type="collision",
        amount=amount,
    )


def _play(diary: Diary, random: Random) -> None:
    _change_then_claim(diary, random, random.randrange(1, 6), random.choice(("account", "phone", "password")))


def _miss(diary: Diary, random: Random) -> None:
    """Change an address and claim nothing."""
    day = late_day(diary.period, random, 0.1, 0.9)
    diary.business(at(day, 15), "contact.changed", "branch", field="address", via="branch")


STORY = Story("fraud-contact-change-then-claim", _play, _miss)
