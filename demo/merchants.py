"""Where the demo bank's customers spend: chains with their branches, as card networks and bank memos spell them."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

REGIONS = (
    "강남",
    "홍대",
    "종로",
    "여의도",
    "잠실",
    "판교",
    "분당",
    "수원",
    "일산",
    "해운대",
    "서면",
    "대전",
    "광주",
    "제주",
)
_CHAINS: dict[str, tuple[str, ...]] = {
    "cafe": ("스타벅스", "이디야커피", "투썸플레이스", "메가커피", "컴포즈커피", "빽다방", "할리스", "폴바셋"),
    "bakery": ("파리바게뜨", "뚜레쥬르"),
    "convenience_store": ("GS25", "CU", "세븐일레븐", "이마트24"),
    "groceries": ("이마트", "홈플러스", "롯데마트", "하나로마트"),
    "fast_food": ("맥도날드", "롯데리아", "버거킹", "맘스터치"),
    "restaurant": ("김밥천국", "본죽", "한솥도시락", "새마을식당"),
    "department_store": ("신세계백화점", "현대백화점", "롯데백화점"),
    "cosmetics": ("올리브영",),
    "fuel": ("GS칼텍스", "SK에너지", "S-OIL"),
    "pharmacy": ("온누리약국", "건강약국"),
    "entertainment": ("CGV", "메가박스"),
    "books": ("교보문고",),
}
_ONE_OFFICE: dict[str, tuple[str, ...]] = {
    "online_shopping": ("쿠팡", "G마켓", "11번가"),
    "food_delivery": ("배달의민족", "쿠팡이츠", "요기요"),
    "taxi": ("카카오T택시", "우버"),
    "subscription": ("넷플릭스", "멜론"),
}
_ENDINGS = ("점", "역점", "2호점", "중앙점")
_AMERICAN = (
    ("WHOLEFDS SEA", "Whole Foods", "groceries"),
    ("STARBUCKS STORE", "스타벅스", "cafe"),
    ("TRADER JOES SFO", "Trader Joe's", "groceries"),
    ("UBER TRIP", "우버", "taxi"),
    ("AMAZON MKTPL", "Amazon", "online_shopping"),
)


class Merchant(NamedTuple):
    """One merchant of the master data; an online one has neither branch nor region."""

    merchant_id: str
    brand: str
    branch: str
    category: str
    region: str

    @property
    def memo(self) -> str:
        """How the bank prints it: brand and branch in one."""
        return self.brand + self.branch


class Spending(NamedTuple):
    """The median price and spread of a category, and the hours people pay at."""

    median: int
    hours: tuple[float, float]


SPENDING: dict[str, Spending] = {
    "cafe": Spending(5_200, (7.5, 17.5)),
    "bakery": Spending(9_000, (8, 20)),
    "convenience_store": Spending(6_500, (7, 23.5)),
    "groceries": Spending(48_000, (10, 21)),
    "fast_food": Spending(10_500, (11, 21)),
    "restaurant": Spending(14_000, (11.5, 20.5)),
    "department_store": Spending(120_000, (11, 19.5)),
    "cosmetics": Spending(28_000, (11, 20)),
    "fuel": Spending(62_000, (7, 22)),
    "pharmacy": Spending(8_500, (9, 19)),
    "entertainment": Spending(24_000, (13, 21)),
    "books": Spending(21_000, (11, 20)),
    "online_shopping": Spending(36_000, (8, 23.5)),
    "food_delivery": Spending(23_000, (11.5, 22)),
    "taxi": Spending(12_000, (7, 23.5)),
    "subscription": Spending(13_500, (3, 6)),
}


def _open() -> tuple[Merchant, ...]:
    opened: list[Merchant] = []
    for category, brands in _CHAINS.items():
        for brand in brands:
            for number, region in enumerate(REGIONS):
                ending = _ENDINGS[(number + len(brand)) % len(_ENDINGS)]
                opened.append(Merchant(f"M{len(opened) + 1:04d}", brand, region + ending, category, region))
    for category, brands in _ONE_OFFICE.items():
        opened += [Merchant(f"M{len(opened) + i + 1:04d}", brand, "", category, "") for i, brand in enumerate(brands)]
    return tuple(opened)


MERCHANTS = _open()
_BY_CATEGORY: dict[str, tuple[Merchant, ...]] = {
    category: tuple(m for m in MERCHANTS if m.category == category) for category in SPENDING
}
_BY_PLACE: dict[tuple[str, str], tuple[Merchant, ...]] = {
    (category, region): tuple(m for m in MERCHANTS if m.category == category and m.region == region)
    for category in SPENDING
    for region in REGIONS
}


def nearby(random: Random, category: str, region: str) -> Merchant:
    """Return a merchant of a category, seven times out of ten in the customer's own region."""
    local = _BY_PLACE.get((category, region), ())
    return random.choice(local if local and random.random() < 0.7 else _BY_CATEGORY[category])


def abroad(random: Random) -> tuple[str, str, str]:
    """Return the memo, brand and category of a purchase in America: POS 4412 WHOLEFDS SEA."""
    printed, brand, category = random.choice(_AMERICAN)
    return f"POS {random.randrange(1_000, 9_999)} {printed}", brand, category
