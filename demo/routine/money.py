"""Everyday money: pay, standing orders, shops, cash, and people sending each other some."""

from __future__ import annotations

from random import Random

from demo.diary import Diary
from demo.memo import MemoText
from demo.merchants import SPENDING, Merchant, abroad, nearby
from demo.names import full_name, romanized
from demo.period import at

_EMPLOYERS = (
    ("케이비시스", "(주)케이비시스"), ("한빛소프트웨어", "한빛소프트웨어(주)"), ("대한물산", "(주)대한물산"),
    ("미래정밀", "미래정밀㈜"), ("가온테크", "가온테크"), ("동서유통", "(주)동서유통"), ("누리의료재단", "누리의료재단"),
    ("강남구청", "강남구청"), ("ACME KOREA", "ACME KOREA"),
)  # fmt: skip
_LIFE_INSURERS = ("삼성생명", "한화생명", "교보생명", "신한라이프")
_CAR_INSURERS = ("삼성화재", "현대해상", "DB손해보험", "KB손해보험")
_TELECOMS = ("SK텔레콤", "KT", "LG유플러스")
_TUITION = ("한국대학교등록금", "새빛유치원원비", "중앙고등학교학비")
_ACADEMIES = ("청솔영어학원", "바른수학학원", "태권도장")
_NOTES = ("", "", "점심값", "커피값", "모임회비", "고마워", "정산", "여행경비", "생일축하")
_NOTE_CATEGORIES = {"모임회비": "membership_fee", "생일축하": "gift_money"}
_SHOPS_A_DAY = {
    "convenience_store": 0.14, "groceries": 0.07, "restaurant": 0.13, "fast_food": 0.05, "online_shopping": 0.09,
    "food_delivery": 0.06, "taxi": 0.05, "bakery": 0.04, "pharmacy": 0.02, "cosmetics": 0.02, "entertainment": 0.015,
    "department_store": 0.01, "books": 0.01,
}  # fmt: skip
_EVENT_MEMOS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "marriage": (("라온웨딩홀계약금", "wedding", 3_000_000), ("봄날스드메잔금", "wedding", 1_800_000)),
    "moving": (("가나이삿짐센터", "moving_service", 1_200_000), ("전세보증금잔금", "housing_deposit", 50_000_000)),
    "birth": (("해맑은산부인과", "hospital", 180_000), ("포근산후조리원", "childcare", 2_500_000)),
    "study_abroad": (("세계로유학원", "academy", 900_000), ("TOEFL ETS", "academy", 290_000)),
    "job_change": (("실업급여조기재취업", "benefit", 1_100_000),),
    "retirement": (("퇴직금", "severance", 62_000_000),),
}
_INCOMING = ("benefit", "severance")


def live_on_money(diary: Diary) -> None:
    """Write a period of income and spending."""
    _earn(diary)
    _keep_house(diary)
    _insure(diary)
    _shop(diary)
    _drink_coffee(diary)
    _meet_people(diary)
    _mark_life_event(diary)


def buy(diary: Diary, at_ms: int, merchant: Merchant, amount: int, method: str = "card") -> None:
    """Pay at a merchant; card memos carry the branch, point-of-sale lines its number."""
    memo = MemoText(merchant.memo, merchant.category, merchant.brand, "merchant", merchant.brand, merchant.branch)
    diary.pay(at_ms, amount, memo, method)


def coffee(diary: Diary, at_ms: int) -> None:
    """Pay for one coffee nearby."""
    random = diary.random
    price = 100 * random.randrange(18, 74)
    buy(diary, at_ms, nearby(random, "cafe", diary.customer.region), price, random.choice(("card", "pos")))


def _days_of_month(diary: Diary, day: int) -> list[int]:
    return [i for i in range(diary.period.days) if diary.period.date(i).day == day]


def _earn(diary: Diary) -> None:
    customer, random = diary.customer, diary.random
    if customer.occupation == "retired":
        memo = MemoText("국민연금지급", "pension_income", "국민연금공단", "institution", is_recurring=True)
        for day in _days_of_month(diary, 25):
            diary.receive(at(day, 6.2), 10_000 * random.randrange(60, 160), memo)
        return
    if not customer.salary:
        memo = MemoText(f"{full_name(random)} 용돈", "gift_money", "", "person")
        for day in _days_of_month(diary, 1):
            diary.receive(at(day, 9.5), 400_000, memo)
        return
    before, after = random.sample(_EMPLOYERS, 2)
    for day in _days_of_month(diary, customer.pay_day):
        moved_on = customer.life_event == "job_change" and day > customer.life_event_day
        employer, printed_name = after if moved_on else before
        text = random.choice(
            (f"급여{printed_name}", f"{printed_name}급여", f"{diary.period.date(day).month}월급여{employer}")
        )
        memo = MemoText(text, "salary", employer, "employer", is_recurring=True)
        diary.receive(at(day, 8.0 + random.random()), customer.salary, memo)
    if random.random() < 0.05:
        memo = MemoText(f"상여금{before[0]}", "bonus", before[0], "employer")
        diary.receive(at(random.randrange(diary.period.days), 8.5), customer.salary // 2, memo)


def _keep_house(diary: Diary) -> None:
    customer, random = diary.customer, diary.random
    if customer.salary and random.random() < 0.3:
        landlord, amount = full_name(random), 50_000 * random.randrange(8, 24)
        for day in _days_of_month(diary, 1):
            month = diary.period.date(day).month
            memo = MemoText(f"{landlord} {month}월월세", "rent", "", "person", is_recurring=True)
            diary.pay(at(day, 10 + random.random()), amount, memo, "transfer")
    telecom = random.choice(_TELECOMS)
    _standing(diary, random.randrange(3, 9), f"{telecom}통신요금", "telecom", telecom, 1_000 * random.randrange(30, 90))
    if random.random() < 0.5:
        _standing(diary, 20, "한국전력전기요금", "electricity", "한국전력", 1_000 * random.randrange(20, 90))
        _standing(diary, 27, "아파트관리비", "maintenance_fee", "", 10_000 * random.randrange(9, 30))
    if customer.holds("loan"):
        _standing(diary, 15, "행복은행대출이자", "loan_interest", "행복은행", 10_000 * random.randrange(8, 60))
    if customer.holds("savings"):
        _standing(diary, 26, "자유적금이체", "savings", "행복은행", 300_000)
    if customer.account("card"):
        _standing(diary, 14, "행복카드대금", "card_payment", "행복카드", 10_000 * random.randrange(20, 120))
    if random.random() < 0.15:
        school = random.choice(_TUITION)
        memo = MemoText(school, "tuition", school[:-2], "institution")
        diary.pay(at(random.randrange(diary.period.days), 11), 10_000 * random.randrange(30, 420), memo, "transfer")
    if random.random() < 0.2:
        academy = random.choice(_ACADEMIES)
        _standing(diary, 5, academy, "academy", academy, 10_000 * random.randrange(12, 45))


def _insure(diary: Diary) -> None:
    customer, random = diary.customer, diary.random
    if random.random() < 0.5:
        insurer, paid = random.choice(_LIFE_INSURERS), random.randrange(2, 40)
        for number, day in enumerate(_days_of_month(diary, 12)):
            text = random.choice((f"{insurer}보험료", f"{insurer}보험료 {paid + number:02d}회"))
            memo = MemoText(text, "insurance_life", insurer, "institution", insurer, is_recurring=True)
            diary.pay(at(day, 5), 10_000 * random.randrange(5, 30), memo, "auto_debit")
    if customer.owns_car and random.random() < 0.6:
        insurer, paid = random.choice(_CAR_INSURERS), random.randrange(1, 11)
        for number, day in enumerate(_days_of_month(diary, 21)):
            memo = MemoText(
                f"{insurer}보험료 {paid + number:02d}/12",
                "insurance_general",
                insurer,
                "institution",
                insurer,
                is_recurring=True,
            )
            diary.pay(at(day, 5.2), 1_000 * random.randrange(50, 110), memo, "auto_debit")


def _standing(diary: Diary, day_of_month: int, text: str, category: str, payee: str, amount: int) -> None:
    memo = MemoText(text, category, payee, "institution", is_recurring=True)
    for day in _days_of_month(diary, day_of_month):
        diary.pay(at(day, 6.5), amount, memo, "auto_debit")


def _shop(diary: Diary) -> None:
    random, customer = diary.random, diary.customer
    shares = dict(_SHOPS_A_DAY) | ({"fuel": 0.07} if customer.owns_car else {})
    for category, a_day in shares.items():
        for at_ms in _moments(random, a_day * customer.spender, diary.period.days, SPENDING[category].hours):
            amount = _price(random, SPENDING[category].median)
            buy(diary, at_ms, nearby(random, category, customer.region), amount, random.choice(("card", "card", "pos")))
    if random.random() < 0.06:
        for at_ms in _moments(random, 0.06, diary.period.days, (0.0, 12.0)):
            text, brand, category = abroad(random)
            memo = MemoText(text, category, brand, "merchant", brand)
            diary.pay(at_ms, _price(random, 30_000), memo, "pos")


def _drink_coffee(diary: Diary) -> None:
    hours = SPENDING["cafe"].hours
    for at_ms in _moments(diary.random, diary.customer.coffees_a_day, diary.period.days, hours):
        coffee(diary, at_ms)


def _meet_people(diary: Diary) -> None:
    random, days = diary.random, diary.period.days
    for at_ms in _moments(random, 0.12, days, (8.0, 23.0)):
        friend, note = full_name(random), random.choice(_NOTES)
        shown = romanized(friend).upper() if random.random() < 0.04 else friend
        category = _NOTE_CATEGORIES.get(note, "transfer_person")
        memo = MemoText(f"{shown} {note}".rstrip(), category, "", "person")
        amount = 1_000 * random.randrange(5, 200)
        if random.random() < 0.45:
            diary.receive(at_ms, amount, memo)
        else:
            diary.pay(at_ms, amount, memo, "transfer")
    for at_ms in _moments(random, 0.04, days, (8.0, 21.0)):
        text = random.choice(("ATM출금", f"ATM {diary.customer.region}지점", "CD출금"))
        diary.pay(at_ms, 10_000 * random.randrange(3, 40), MemoText(text, "atm_cash"), "atm")


def _mark_life_event(diary: Diary) -> None:
    customer = diary.customer
    if not customer.life_event:
        return
    for offset, (text, category, amount) in enumerate(_EVENT_MEMOS[customer.life_event]):
        at_ms = at(customer.life_event_day + 3 * offset, 11.5)
        memo = MemoText(text, category, text, "merchant", life_event=customer.life_event)
        if category in _INCOMING:
            diary.receive(at_ms, amount, memo)
        elif customer.lump_sum + 5 * customer.salary > amount:
            diary.pay(at_ms, amount, memo, "transfer")


def _moments(random: Random, a_day: float, days: int, hours: tuple[float, float]) -> list[int]:
    """Return about ``a_day`` moments a day, exponentially apart, within the opening hours."""
    found: list[int] = []
    day = random.expovariate(a_day) if a_day > 0 else days
    while day < days:
        found.append(at(int(day), random.uniform(*hours)))
        day += random.expovariate(a_day)
    return found


def _price(random: Random, median: int) -> int:
    return max(500, int(median * random.lognormvariate(0, 0.45)) // 100 * 100)
