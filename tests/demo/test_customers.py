"""Customers, their money and their wishes: balanced, consistent, and with a signal that a model can learn."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

from demo.customer import meet
from demo.memo import printed
from demo.period import Period

from .conftest import Bank, seconds

DAY_S = 86_400
PERIOD = Period(date(2026, 10, 31), 45)


def test_identifiers_are_unique_in_a_large_bank() -> None:
    people = [meet(7, index, PERIOD, 10) for index in range(20_000)]
    for identifiers in (
        [p.phone for p in people],
        [p.email for p in people],
        [a.account_no for p in people for a in p.accounts],
    ):
        assert len(set(identifiers)) == len(identifiers)


def test_phone_numbers_lie_in_blocks_that_no_subscriber_has() -> None:
    assert all(meet(7, index, PERIOD, 10).phone[:5] in ("010-0", "010-1") for index in range(500))


def test_card_numbers_have_a_valid_check_digit(bank: Bank) -> None:
    cards = [a["account_no"].replace("-", "") for a in bank.master("accounts") if a["kind"] == "card"]
    assert len(cards) > 100
    for card in cards:
        doubled = [int(c) * (2 if i % 2 else 1) for i, c in enumerate(reversed(card))]
        assert sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def test_the_sexes_are_balanced_and_surnames_are_spread(bank: Bank) -> None:
    rows = bank.master("customers")
    assert Counter(r["sex"] for r in rows) == {"M": 100, "F": 100}
    surnames = Counter(r["name"][0] for r in rows)
    assert len(surnames) > 18
    assert surnames.most_common(1)[0][1] < 70


def test_balances_follow_from_the_postings_and_never_run_out(bank: Bank) -> None:
    last: dict[str, int] = {}
    for memo in bank.memos():
        if not memo["balance"]:
            continue
        account, balance = memo["account_no"], int(memo["balance"])
        moved = int(memo["amount"]) * (1 if memo["direction"] == "in" else -1)
        assert balance >= 0
        if account in last:
            assert balance == last[account] + moved
        last[account] = balance


def test_memos_are_cut_where_the_bank_cuts_them() -> None:
    assert printed("삼성화재보험료 12/24", 10) == "삼성화재보험료 12"
    assert printed("POS 4412 WHOLEFDS SEA", 10) == "POS 4412 WHOLEFDS SEA"


def test_memos_look_like_a_bank_s(bank: Bank) -> None:
    memos = [m["memo"] for m in bank.memos()]
    assert max(len(m) for m in memos) <= 22
    for part in ("급여", "월월세", "보험료", "2호점", "POS ", "ATM", "스타벅스"):
        assert any(part in m for m in memos), part


def test_every_truth_names_a_posting_and_its_printed_text(bank: Bank) -> None:
    memos = {m["txn_id"]: m["memo"] for m in bank.memos()}
    assert {t["txn_id"]: t["text"] for t in bank.true("memos")} == memos


def test_devices_begin_anonymous_and_belong_to_one_customer(bank: Bank) -> None:
    owners = defaultdict(set)
    anonymous = known = 0
    for click in bank.clicks():
        if click["messageId"].startswith("bad"):
            continue
        if "userId" in click:
            owners[click["anonymousId"]].add(click["userId"])
            known += 1
        else:
            anonymous += 1
    assert all(len(users) == 1 for users in owners.values())
    assert anonymous > 0.15 * known


def test_needs_change_with_a_life_event(bank: Bank) -> None:
    by_customer = defaultdict(list)
    for need in bank.true("needs"):
        by_customer[need["customer_no"]].append(need)
    movers = [n for n in by_customer.values() if n[-1]["cause"] in ("moving", "marriage", "study_abroad")]
    assert len(movers) > 10
    assert all(n[-1]["needs"]["loan"] > n[0]["needs"]["loan"] + 0.05 for n in movers)


def test_who_views_a_type_of_product_is_much_likelier_to_subscribe_to_it_soon(bank: Bank) -> None:
    owners = {c["anonymousId"]: c["userId"] for c in bank.clicks() if c["type"] == "identify"}
    views, bought = defaultdict(list), defaultdict(list)
    for click in bank.clicks():
        who = click.get("userId") or owners.get(click.get("anonymousId", ""))
        if who and click["event"] in ("product.viewed", "product.subscribed"):
            book = views if click["event"] == "product.viewed" else bought
            book[who, click["properties"]["product_type"]].append(seconds(click["originalTimestamp"]))
    soon = {pair: any(0 < b - v <= 10 * DAY_S for v in seen for b in bought[pair]) for pair, seen in views.items()}
    after_views = sum(soon.values()) / len(soon)
    pairs = 200 * 8
    without = sum(1 for pair in bought if pair not in views) / (pairs - len(views))
    assert after_views > 5 * max(without, 0.01)


def test_subscriptions_follow_the_latent_needs(bank: Bank) -> None:
    needs = {n["customer_no"]: n["needs"] for n in bank.true("needs")}
    bought = {
        (c["userId"], c["properties"]["product_type"]) for c in bank.clicks() if c["event"] == "product.subscribed"
    }
    wanted = [needs[who][kind] for who, kind in bought]
    everyone = [value for values in needs.values() for value in values.values()]
    assert sum(wanted) / len(wanted) > 1.8 * sum(everyone) / len(everyone)


def test_every_scenario_consent_stands_where_a_story_needs_it(bank: Bank) -> None:
    offers = [c for c in bank.master("consents") if c["purpose"] == "marketing_offers"]
    consenting = {c["customer_no"] for c in offers if not c["withdrawn_at"]}
    assert len(consenting) < len(offers)
    for story in ("savings-browse-abandon", "quote-no-follow-up", "card-coffee-regular", "loan-life-event"):
        assert bank.players(story) <= consenting
    assert 0.6 < len(consenting) / 200 < 0.95
