"""A seeded bank in bronze rows: customers, cards, clicks before and after login, calls, consents."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any, NamedTuple

from hub.ports import ObjectStore, Tables
from tests.lakehouse.parts import call_row, log_row, master_row, memo_row

FIRST_DAY = date(2026, 9, 17)
OFFSET_MS = 9 * 3_600_000
DAY_MS = 86_400_000
MEMOS = ("cafe STAR강남점", "cafe BLUE판교", "salary 급여", "rent 월세 김철수", "moving 이사비", "groceries 마트")
TYPES = ("deposit", "savings", "loan", "card", "car_insurance")


def day_ms(day: date, second: int = 0) -> int:
    """Return a local second of a day as epoch milliseconds."""
    return (day - date(1970, 1, 1)).days * DAY_MS - OFFSET_MS + second * 1_000


class SmallBank(NamedTuple):
    """Bronze rows by table, and the recordings by object key."""

    rows: dict[str, list[dict[str, Any]]]
    recordings: dict[str, bytes]

    def land(self, tables: Tables, objects: ObjectStore) -> None:
        """Write everything, as ingest would."""
        for key, data in self.recordings.items():
            objects.put(key, data)
        for table, rows in self.rows.items():
            tables.merge(table, rows)


def make_bank(customers: int, days: int, *, per_day: int = 4, seed: int = 7) -> SmallBank:
    """Return a bank; the same seed gives the same rows."""
    rng = random.Random(seed)
    bank = SmallBank({"bronze.master_rows": [], "bronze.memos": [], "bronze.log_lines": [], "bronze.calls": []}, {})
    for number in range(len(TYPES)):
        bank.rows["bronze.master_rows"].append(
            master_row("products", f"P{number}", product_id=f"P{number}", product_type=TYPES[number], rate="3.5")
        )
    for number in range(customers):
        _add_customer(bank, rng, number)
        for step in range(days * per_day):
            _add_click_or_memo(bank, rng, number, FIRST_DAY + timedelta(days=step // per_day))
    for number in range(max(1, customers // 4)):
        _add_call(bank, rng, number, FIRST_DAY + timedelta(days=number % days))
    return bank


def _add_customer(bank: SmallBank, rng: random.Random, number: int) -> None:
    rows, no = bank.rows["bronze.master_rows"], f"C{number:06d}"
    joined = date(2020, 1, 1) + timedelta(days=rng.randrange(2_400))
    rows.append(
        master_row(
            "customers",
            no,
            customer_no=no,
            name=f"김철수{number}",
            sex=rng.choice("MF"),
            birth_date=f"{rng.randrange(1950, 2006)}-{rng.randrange(1, 13):02d}-15",
            phone=f"010-{number:04d}-5678",
            email=f"c{number}@example.com",
            address=f"서울시 어디로 {number}",
            region=rng.choice(("서울", "부산")),
            occupation="office",
            segment=rng.choice(("mass", "vip")),
            consultant_id=rng.choice(("", "K1")),
            joined_on=joined.isoformat(),
        )
    )
    rows.append(
        master_row(
            "accounts",
            f"110-{number:08d}",
            account_no=f"110-{number:08d}",
            customer_no=no,
            opened_on=joined.isoformat(),
        )
    )
    for place in range(rng.randrange(3)):
        opened = FIRST_DAY + timedelta(days=rng.randrange(-400, 20))
        matures = opened + timedelta(days=rng.randrange(300, 500)) if rng.random() < 0.5 else ""
        holding = f"H{number}-{place}"
        rows.append(
            master_row(
                "holdings",
                holding,
                holding_id=holding,
                customer_no=no,
                product_id=f"P{rng.randrange(len(TYPES))}",
                opened_on=opened.isoformat(),
                matures_on=str(matures),
                amount="1000000",
            )
        )
    rows.append(
        master_row(
            "consents",
            f"{no}|marketing_offers",
            customer_no=no,
            purpose="marketing_offers",
            granted_at="2021-03-01T10:00:00+09:00",
            withdrawn_at="2026-09-20T10:00:00+09:00" if number % 5 == 0 else "",
        )
    )


def _add_click_or_memo(bank: SmallBank, rng: random.Random, number: int, day: date) -> None:
    at_ms = day_ms(day, rng.randrange(86_400))
    if rng.random() < 0.5:
        memos = bank.rows["bronze.memos"]
        memo = rng.choice(MEMOS)
        direction = "in" if memo.startswith("salary") else "out"
        memos.append(
            memo_row(
                len(memos),
                f"110-{number:08d}",
                memo,
                at_ms,
                customer_no=f"C{number:06d}" if rng.random() < 0.5 else None,
                direction=direction,
                amount=rng.randrange(1_000, 90_000),
                balance=rng.randrange(10_000_000),
            )
        )
        return
    logs = bank.rows["bronze.log_lines"]
    session = {"session_id": f"s{number}-{day}"}
    kind = rng.random()
    if kind < 0.15:
        logs.append(
            log_row(
                len(logs),
                "customer.identified",
                at_ms,
                customer_no=f"C{number:06d}",
                anonymous_id=f"browser-{number}",
                properties=session,
            )
        )
        return
    product = rng.randrange(len(TYPES))
    seen = {"product_id": f"P{product}", "product_type": TYPES[product], "page": "detail"} | session
    logs.append(log_row(len(logs), "product.viewed", at_ms, anonymous_id=f"browser-{number}", properties=seen))


def _add_call(bank: SmallBank, rng: random.Random, number: int, day: date) -> None:
    key = f"calls/{number}.wav"
    said = rng.choice(("대출 금리가 궁금해요", "결혼 준비로 대출 알아봐요 제 번호 01012345678", "앱이 불만이에요"))
    bank.recordings[key] = f"AGENT 무엇을 도와드릴까요\nCUSTOMER {said}\n".encode()
    bank.rows["bronze.calls"].append(
        call_row(f"call{number}", key, day_ms(day, rng.randrange(80_000)), phone=f"010{number:04d}5678")
    )
