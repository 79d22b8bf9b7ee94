"""Everyday browsing, and the way from a wish to a subscription: views over some days, a form, a purchase."""

from __future__ import annotations

from demo.diary import APP, WEB, Diary
from demo.needs import needs, product_for
from demo.period import at
from demo.products import BY_TYPE, PRODUCT_TYPES, Product
from demo.session import MIDDLE, NEVER, START

_SCREENS = ("home", "balance", "transfer", "card_bill", "settings", "events", "exchange_rates")
_SESSIONS_A_DAY = 0.16
_IDLE_INTEREST = 0.06
_WISH_SHARE = 1.35
_BUY_BASE, _BUY_BY_NEED = 0.35, 0.55
_AT_BRANCH = 0.18


def browse(diary: Diary) -> None:
    """Write the sessions of a period."""
    random = diary.random
    day = random.expovariate(_SESSIONS_A_DAY)
    while day < diary.period.days:
        _look_around(diary, at(int(day), random.uniform(7, 23)))
        day += random.expovariate(_SESSIONS_A_DAY)


def pursue_needs(diary: Diary) -> None:
    """For every type of product the customer wants enough, look at it for some days, and perhaps buy it."""
    customer, random = diary.customer, diary.random
    before = needs(customer, diary.period, after_event=False)
    after = needs(customer, diary.period, after_event=True)
    for product_type in PRODUCT_TYPES:
        start = random.randrange(-4, diary.period.days)
        is_after = bool(customer.life_event) and start >= customer.life_event_day
        if customer.life_event and after[product_type] > before[product_type] + 0.1:
            start, is_after = customer.life_event_day + random.randrange(1, 8), True
        need = (after if is_after else before)[product_type]
        if random.random() < _WISH_SHARE * need:
            _pursue(diary, product_for(customer, product_type, diary.period), start, need)


def _look_around(diary: Diary, at_ms: int) -> None:
    random = diary.random
    login = random.choices((START, MIDDLE, NEVER), (6, 3, 1))[0]
    session = diary.visit(at_ms, APP if random.random() < 0.65 else WEB, login)
    for _ in range(random.randrange(1, 6)):
        session.screen(random.choice(_SCREENS))
    for product_type in PRODUCT_TYPES:
        if random.random() < _IDLE_INTEREST:
            session.view(random.choice(BY_TYPE[product_type]), random.choice(("detail", "detail", "rate")))
    if random.random() < 0.7:
        session.end()


def _pursue(diary: Diary, product: Product, start: int, need: float) -> None:
    random, days = diary.random, diary.period.days
    day, looks = float(start), random.randrange(2, 5)
    buys = random.random() < _BUY_BASE + _BUY_BY_NEED * need
    if buys and random.random() < _AT_BRANCH:
        bought = int(day) + random.randrange(1, 7)
        if 0 <= bought < days:
            _buy_at_branch(diary, product, at(bought, random.uniform(9.5, 15.5)))
        return
    for number in range(looks):
        if 0 <= day < days:
            is_last = buys and number == looks - 1
            _study(diary, product, at(int(day), random.uniform(8, 22.5)), is_last)
        day += random.uniform(0.6, 3.5)


def _buy_at_branch(diary: Diary, product: Product, at_ms: int) -> None:
    diary.business(
        at_ms - 600_000,
        "product.enquired",
        "branch",
        product_id=product.product_id,
        product_type=product.product_type,
        via="branch",
    )
    diary.subscribe(product, at_ms)
    diary.business(
        at_ms + 300_000, "branch_visit.ended", "branch", branch=diary.customer.region, purpose="subscription"
    )


def _study(diary: Diary, product: Product, at_ms: int, buys: bool) -> None:
    random = diary.random
    session = diary.visit(
        at_ms, APP if random.random() < 0.6 else WEB, START if buys else random.choice((START, MIDDLE))
    )
    session.screen("home")
    for page in random.sample(("detail", "detail", "rate"), random.randrange(1, 3)):
        session.view(product, page)
    if buys:
        session.apply(product)
        session.wait(random.uniform(30, 90))
        diary.subscribe(product, session.at_ms, session)
    session.end()
