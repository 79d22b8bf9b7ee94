"""A customer of the demo bank: who they are, what they hold, and what happens in their life."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from demo.dialogues.english import english_name
from demo.merchants import REGIONS
from demo.names import ROMAN, full_name, romanized
from demo.period import Period
from demo.products import BY_ID, Product

LIFE_EVENTS = ("marriage", "moving", "birth", "study_abroad", "job_change", "retirement")
_LIFE_EVENT_SHARE = 0.22
_WITHDRAWAL_SHARE = 0.03
_OCCUPATIONS = ("employee", "employee", "employee", "self_employed", "public_servant", "professional", "freelancer")
_ROADS = ("가온로", "누리로", "한빛로", "다솜로", "새벽로", "푸른로", "햇살로", "은하로")
_CITIES = {
    "판교": "경기도 성남시", "분당": "경기도 성남시", "수원": "경기도 수원시", "일산": "경기도 고양시", "해운대": "부산광역시",
    "서면": "부산광역시", "대전": "대전광역시", "광주": "광주광역시", "제주": "제주특별자치도 제주시",
}  # fmt: skip
_MAIL_DOMAINS = ("example.com", "example.net", "example.org")
_SCRAMBLE_PHONE, _PHONES = 7_368_787, 20_000_000
_SCRAMBLE_ACCOUNT, _ACCOUNTS = 61_803_399, 100_000_000
MEMO_LIMITS = (10, 12, 14, 16, 20)


@dataclass(slots=True)
class Account:
    """One account or card."""

    account_no: str
    kind: str
    opened_on: date
    credit_limit: int | None = None


@dataclass(slots=True)
class Holding:
    """A product the customer holds."""

    product: Product
    opened_on: date
    matures_on: date | None
    amount: int


@dataclass(slots=True)
class Consent:
    """A consent as the bank has it on file; times are ISO text."""

    purpose: str
    granted_at: str
    withdrawn_at: str = ""


@dataclass(slots=True)
class Customer:
    """Everything the simulation knows of a person, the hidden parts included."""

    index: int
    customer_no: str
    name: str
    english_name: str
    sex: str
    birth_date: date
    phone: str
    email: str
    address: str
    region: str
    occupation: str
    segment: str
    consultant_id: str
    joined_on: date
    salary: int
    pay_day: int
    lump_sum: int
    owns_car: bool
    coffees_a_day: float
    spender: float
    memo_limit: int
    life_event: str = ""
    life_event_day: int = 0
    taste: dict[str, float] = field(default_factory=dict)
    accounts: list[Account] = field(default_factory=list)
    holdings: list[Holding] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)

    def age_on(self, day: date) -> int:
        """Return the age in whole years."""
        before = (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return day.year - self.birth_date.year - before

    def account(self, kind: str) -> Account | None:
        """Return the first account of a kind."""
        return next((a for a in self.accounts if a.kind == kind), None)

    def holds(self, product_type: str) -> bool:
        """Say whether any holding is of a type."""
        return any(h.product.product_type == product_type for h in self.holdings)

    def consent_to(self, purpose: str) -> None:
        """Make sure a consent is on file and stands."""
        self.consents = [c for c in self.consents if c.purpose != purpose]
        self.consents.append(Consent(purpose, f"{self.joined_on.isoformat()}T10:00:00+09:00"))

    def give(self, product: Product, opened_on: date, matures_on: date | None) -> None:
        """Add a holding."""
        self.holdings.append(Holding(product, opened_on, matures_on, product.usual_amount))


def meet(seed: int, index: int, period: Period, consultants: int) -> Customer:
    """Return customer number ``index``, the same one for the same seed."""
    random = Random(f"{seed}:customer:{index}")
    name, sex = full_name(random), "MF"[index % 2]
    age = min(84, max(19, int(random.triangular(19, 78, 38))))
    birth = period.first_day - timedelta(days=int(age * 365.25) + random.randrange(365))
    age_days = (period.first_day - birth).days
    region = random.choice(REGIONS)
    occupation = _occupation(random, age)
    salary = _salary(random, age, occupation)
    segment = random.choices(("mass", "affluent", "vip"), (78, 17, 5))[0]
    joined = period.first_day - timedelta(days=random.randrange(40, max(41, min(6_000, age_days - 18 * 365))))
    phone = _phone(index)
    customer = Customer(
        index=index,
        customer_no=f"C{index + 1:07d}",
        name=name,
        english_name=english_name(random, ROMAN[name[0]]),
        sex=sex,
        birth_date=birth,
        phone=phone,
        email=f"{romanized(name).replace(' ', '.').lower()}{index + 1}@{random.choice(_MAIL_DOMAINS)}",
        address=_address(random, region),
        region=region,
        occupation=occupation,
        segment=segment,
        consultant_id=f"K{index % consultants + 1:03d}" if segment != "mass" else "",
        joined_on=joined,
        salary=salary,
        pay_day=random.choice((10, 15, 21, 25, 25, 25)),
        lump_sum=_lump_sum(random, age, segment),
        owns_car=random.random() < (0.55 if age >= 28 else 0.2),
        coffees_a_day=random.choices((0.0, 0.08, 0.22, 0.45), (25, 45, 20, 10))[0],
        spender=random.uniform(0.4, 1.6),
        memo_limit=random.choice(MEMO_LIMITS),
    )
    _draw_life_event(customer, random, age, period)
    _open_accounts(customer, random)
    _fill_holdings(customer, random, period)
    _ask_consents(customer, random, period)
    return customer


def _occupation(random: Random, age: int) -> str:
    if age >= 63:
        return "retired" if random.random() < 0.8 else "self_employed"
    if age <= 23 and random.random() < 0.6:
        return "student"
    return random.choice(_OCCUPATIONS)


def _salary(random: Random, age: int, occupation: str) -> int:
    if occupation in ("student", "retired"):
        return 0
    base = 2_300_000 + 85_000 * min(max(age - 22, 0), 30)
    grown = base * random.lognormvariate(0, 0.25) * (1.5 if occupation == "professional" else 1.0)
    return int(grown // 10_000) * 10_000


def _lump_sum(random: Random, age: int, segment: str) -> int:
    scale = {"mass": 4_000_000, "affluent": 45_000_000, "vip": 180_000_000}[segment]
    return int(scale * random.lognormvariate(0, 0.7) * (1 + max(0, age - 40) / 40)) // 1_000 * 1_000


def _phone(index: int) -> str:
    """Return a number of its own: blocks that begin with 0 or 1 are given to no subscriber in Korea."""
    number = (index + 1) * _SCRAMBLE_PHONE % _PHONES
    return f"010-{number // 10_000:04d}-{number % 10_000:04d}"


def _address(random: Random, region: str) -> str:
    city = _CITIES.get(region, "서울특별시")
    flat = f"{random.randrange(101, 116)}동 {random.randrange(1, 25)}{random.randrange(1, 7):02d}호"
    return f"{city} {region} {random.choice(_ROADS)} {random.randrange(1, 300)}, {flat}"


def _account_no(index: int, kind: str) -> str:
    """Return an account number in three groups, or a card number with a valid check digit."""
    serial = (index + 1) * _SCRAMBLE_ACCOUNT % _ACCOUNTS
    if kind == "card":
        body = f"9410{serial:08d}{(serial * 7) % 1_000:03d}"
        number = body + _luhn(body)
        return "-".join(number[i : i + 4] for i in (0, 4, 8, 12))
    prefix = {"checking": "110", "savings": "210", "securities": "310"}[kind]
    return f"{prefix}-{serial // 1_000_000:02d}-{serial % 1_000_000:06d}"


def _luhn(body: str) -> str:
    doubled = [int(c) * (2 if i % 2 == 0 else 1) for i, c in enumerate(reversed(body))]
    return str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _draw_life_event(customer: Customer, random: Random, age: int, period: Period) -> None:
    if random.random() >= _LIFE_EVENT_SHARE:
        return
    if age >= 58:
        customer.life_event = "retirement" if age < 66 else "moving"
    elif age < 25:
        customer.life_event = random.choice(("study_abroad", "job_change", "moving"))
    else:
        customer.life_event = random.choice(LIFE_EVENTS[:5])
    customer.life_event_day = random.randrange(period.days)


def _open_accounts(customer: Customer, random: Random) -> None:
    kinds = ["checking"]
    kinds += ["card"] if random.random() < 0.88 else []
    kinds += ["savings"] if random.random() < 0.35 else []
    kinds += ["securities"] if random.random() < 0.2 else []
    for kind in kinds:
        limit = random.choice((2, 3, 5, 8, 10)) * 1_000_000 if kind == "card" else None
        customer.accounts.append(Account(_account_no(customer.index, kind), kind, customer.joined_on, limit))


def _fill_holdings(customer: Customer, random: Random, period: Period) -> None:
    wanted = {"D01": 0.12, "S01": 0.15, "U01": 0.2, "L01": 0.12, "A01": 0.45 if customer.owns_car else 0.0, "I01": 0.2}
    wanted |= {"F01": 0.06, "C02": 0.6 if customer.account("card") else 0.0}
    for product_id, share in wanted.items():
        if random.random() < share:
            product = BY_ID[product_id]
            age_days = random.randrange(30, 330)
            opened = max(period.first_day - timedelta(days=age_days), customer.joined_on)
            matures = opened + timedelta(days=int(product.term_months * 30.44)) if product.term_months else None
            customer.give(product, opened, matures)


def _ask_consents(customer: Customer, random: Random, period: Period) -> None:
    granted = f"{customer.joined_on.isoformat()}T{9 + math.floor(random.random() * 8):02d}:00:00+09:00"
    for purpose, share in (("service", 0.97), ("profiling", 0.86), ("marketing_offers", 0.74)):
        if random.random() < share:
            withdrawn = period.date(random.randrange(period.days)) if random.random() < _WITHDRAWAL_SHARE else None
            customer.consents.append(Consent(purpose, granted, f"{withdrawn}T14:00:00+09:00" if withdrawn else ""))
