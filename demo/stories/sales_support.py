"""A customer with a consultant of their own asks about a product or a maturity."""

from __future__ import annotations

from random import Random

from demo.customer import Customer
from demo.diary import WEB, Diary
from demo.period import Period, at
from demo.products import PRODUCTS
from demo.stories.story import Story, late_day


def _suits(customer: Customer, period: Period) -> bool:
    return bool(customer.consultant_id)


def _play(diary: Diary, random: Random) -> None:
    day, product = late_day(diary.period, random, 0.2, 0.95), random.choice(PRODUCTS)
    session = diary.visit(at(day, random.uniform(9, 20)), WEB)
    session.view(product)
    session.track("product.enquired", product_id=product.product_id, product_type=product.product_type, via="web")
    session.end()
    diary.call(at(min(day + 1, diary.period.days - 1), random.uniform(9.5, 17)), "maturity_enquiry", priority=2)


def _miss(diary: Diary, random: Random) -> None:
    """Look and ask nothing."""
    session = diary.visit(at(late_day(diary.period, random, 0.2, 0.95), random.uniform(9, 20)), WEB)
    session.view(random.choice(PRODUCTS))
    session.end()


STORY = Story("sales-support", _play, _miss, _suits)
