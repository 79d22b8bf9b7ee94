"""The demo bank: a synthetic bank with known truth, the same to the byte for the same seed.

Customers are met fifty at a time and forgotten once their records are written, so memory does not grow with
their number. The truth is written beside what the sources deliver, and the hub never reads it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random

from demo.broken import BrokenRecord, break_four
from demo.calls import CallCentre
from demo.casting import NEAR_MISS, PLAYER, cast, story_by_id
from demo.customer import Customer, meet
from demo.diary import CallRequest, Diary
from demo.ledger import Ledger
from demo.merchants import MERCHANTS
from demo.names import full_name, romanized
from demo.needs import draw_taste
from demo.period import Period, at
from demo.products import PRODUCTS
from demo.routine.browsing import browse, pursue_needs
from demo.routine.money import live_on_money
from demo.stories.story import BLOCK
from hub.errors import Misconfigured

Progress = Callable[[str, int, int], None]
LAST_DAY = date(2026, 10, 31)
_CUSTOMERS_PER_CALL = 5
_ROUTINE_CALLS = (
    "card_lost", "card_service", "unknown_payment", "transfer", "channel_problem", "deposit_enquiry",
    "insurance_enquiry", "loan_enquiry", "loan_extension", "claim_filing", "address_change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoSummary:
    """How much of everything was written. ``memos`` and the lines do not count the broken records."""

    customers: int
    accounts: int
    products: int
    holdings: int
    merchants: int
    consents: int
    consultants: int
    memos: int
    web_lines: int
    web_repeats: int
    core_lines: int
    subscriptions: int
    calls: int
    english_calls: int
    call_seconds: int
    stories: dict[str, int]
    broken: tuple[BrokenRecord, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Every number by name, stories apart."""
        return {name: value for name, value in asdict(self).items() if isinstance(value, int)}

    def to_dict(self) -> dict[str, object]:
        """Return plain values, ready for JSON."""
        return asdict(self)


def generate(
    out: Path,
    truth: Path,
    *,
    customers: int,
    days: int,
    seed: int = 7,
    last_day: date = LAST_DAY,
    audio: bool = True,
    calls: int | None = None,
    on_progress: Progress | None = None,
) -> DemoSummary:
    """Write a bank's deliveries and their truth.

    Args:
        out: folder of the sources; what an earlier bank left there is removed.
        truth: folder of the truth; likewise.
        customers: how many; memory does not depend on it.
        days: length of the period that ends with ``last_day``.
        seed: another seed is another bank.
        audio: write recordings; without, calls exist in the truth alone.
        calls: how many calls; one for every five customers unless given.
        on_progress: called with stage, done and total.
    Raises:
        Misconfigured: fewer than one customer or day, or voices are missing.
    """
    if customers < 1:
        raise Misconfigured(
            "The demo bank needs at least one customer; give --customers 1 or more", reason="bad_customers"
        )
    period = Period(last_day, days)
    report = on_progress or (lambda stage, done, total: None)
    _clear(out, truth)
    wanted_calls = customers // _CUSTOMERS_PER_CALL if calls is None else calls
    with Ledger(out, truth, period) as ledger:
        centre = CallCentre(out, truth, period, seed, with_audio=audio)
        told = run_customers(ledger, centre, period, seed, customers, wanted_calls, report)
        broken = break_four(ledger, out, period)
        report("files", 0, 1)
        ledger.finish()
        report("files", 1, 1)
    counts = dict(ledger.counts)
    return DemoSummary(
        **counts,
        calls=centre.taken,
        english_calls=centre.english,
        call_seconds=centre.milliseconds // 1_000,
        stories=told,
        broken=broken,
    )


def run_customers(
    ledger: Ledger, centre: CallCentre, period: Period, seed: int, customers: int, calls: int, report: Progress
) -> dict[str, int]:
    """Live all customers' periods, block by block, and return how many play each story."""
    consultants = min(500, max(4, customers // 100))
    _write_reference(ledger, seed, consultants)
    told = dict.fromkeys(story_by_id(), 0)
    for number, start in enumerate(range(0, customers, BLOCK)):
        end = min(start + BLOCK, customers)
        block = _meet_block(seed, number, range(start, end), period, consultants)
        requests: list[CallRequest] = []
        for customer in block:
            requests += _live(customer, period, seed, ledger)
            for story, role in customer.roles:
                told[story] += role == PLAYER
        quota = calls * end // customers - calls * start // customers
        for request in _chosen_calls(requests, block, quota, period, Random(f"{seed}:calls:{number}")):
            centre.take(request)
            report("calls", centre.taken, calls)
        report("customers", end, customers)
    return told


def _meet_block(seed: int, number: int, indexes: range, period: Period, consultants: int) -> list[Customer]:
    block = [meet(seed, index, period, consultants) for index in indexes]
    cast(block, seed, number, period)
    for customer in block:
        draw_taste(customer, Random(f"{seed}:taste:{customer.index}"))
    return block


def _live(customer: Customer, period: Period, seed: int, ledger: Ledger) -> list[CallRequest]:
    """Live one customer's period, write it down, and return the calls they would like to make."""
    diary = Diary(customer, period, Random(f"{seed}:routine:{customer.index}"))
    live_on_money(diary)
    browse(diary)
    pursue_needs(diary)
    stories = story_by_id()
    for name, role in customer.roles:
        diary.random = Random(f"{seed}:story:{name}:{customer.index}")
        act = stories[name].miss if role == NEAR_MISS else stories[name].play
        act(diary, diary.random)
    ledger.close_diary(diary, Random(f"{seed}:delivery:{customer.index}"))
    return diary.calls


def _chosen_calls(
    requests: list[CallRequest], block: list[Customer], quota: int, period: Period, random: Random
) -> list[CallRequest]:
    """Return the calls of a block: those that stories need first, then everyday ones."""
    chosen = sorted(requests, key=lambda r: (r.priority, r.at_ms, r.customer.index))[:quota]
    while len(chosen) < quota:
        moment = at(random.randrange(period.days), random.uniform(9.2, 17.8))
        chosen.append(CallRequest(moment, random.choice(_ROUTINE_CALLS), 9, random.choice(block)))
    return sorted(chosen, key=lambda r: (r.at_ms, r.customer.index))


def _write_reference(ledger: Ledger, seed: int, consultants: int) -> None:
    for p in PRODUCTS:
        ledger.master("products", p.product_id, p.name_ko, p.name_en, p.product_type, p.rate, p.owner)
    for m in MERCHANTS:
        ledger.master("merchants", m.merchant_id, m.brand, m.branch, m.category, m.region)
    for number in range(1, consultants + 1):
        name = full_name(Random(f"{seed}:consultant:{number}"))
        email = f"{romanized(name).replace(' ', '.').lower()}.k{number}@example.com"
        ledger.master("consultants", f"K{number:03d}", name, email, f"02-0100-{number:04d}")


def _clear(out: Path, truth: Path) -> None:
    """Remove what an earlier bank left, so that two runs leave the same files."""
    for folder in (out / "master", out / "memos", out / "logs", out / "calls", truth / "calls", truth / ".spool"):
        shutil.rmtree(folder, ignore_errors=True)
