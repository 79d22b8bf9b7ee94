"""Korean names put together from syllables: as many for one sex as for the other, and nobody's in particular."""

from __future__ import annotations

from random import Random

SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍전고문양손배백허남노"
_SURNAME_WEIGHTS = (21, 15, 9, 5, 5, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
FIRST_SYLLABLES = "민서지현수영준도하은예진성재동유주승태경미윤채연혜소정우시상"
LAST_SYLLABLES = "준서연우진호민현수영희아은지윤원빈석훈철미경혁인규태림솔라"
ROMAN = {
    "민": "Min", "서": "Seo", "지": "Ji", "현": "Hyun", "수": "Su", "영": "Young", "준": "Jun", "도": "Do", "하": "Ha",
    "은": "Eun", "예": "Ye", "진": "Jin", "성": "Sung", "재": "Jae", "동": "Dong", "유": "Yu", "주": "Ju", "승": "Seung",
    "태": "Tae", "경": "Kyung", "미": "Mi", "윤": "Yun", "채": "Chae", "연": "Yeon", "혜": "Hye", "소": "So", "정": "Jung",
    "우": "Woo", "시": "Si", "상": "Sang", "호": "Ho", "희": "Hee", "아": "A", "원": "Won", "빈": "Bin", "석": "Seok",
    "훈": "Hoon", "철": "Chul", "혁": "Hyuk", "인": "In", "규": "Kyu", "림": "Lim", "솔": "Sol", "라": "Ra", "김": "Kim",
    "이": "Lee", "박": "Park", "최": "Choi", "강": "Kang", "조": "Cho", "장": "Jang", "임": "Im", "한": "Han", "오": "Oh",
    "신": "Shin", "권": "Kwon", "황": "Hwang", "안": "Ahn", "송": "Song", "류": "Ryu", "홍": "Hong", "전": "Jeon", "고": "Ko",
    "문": "Moon", "양": "Yang", "손": "Son", "배": "Bae", "백": "Baek", "허": "Heo", "남": "Nam", "노": "Noh",
}  # fmt: skip
"""One common spelling per syllable, for e-mail addresses and English calls."""


def full_name(random: Random) -> str:
    """Return a surname, drawn about as often as in Korea, and two syllables."""
    surname = random.choices(SURNAMES, _SURNAME_WEIGHTS)[0]
    first = random.choice(FIRST_SYLLABLES)
    last = random.choice(LAST_SYLLABLES)
    while last == first:
        last = random.choice(LAST_SYLLABLES)
    return surname + first + last


def romanized(name: str) -> str:
    """Return a three-syllable name in Latin letters, given name first: Seo Jin Kim."""
    surname, given = name[0], name[1:]
    return f"{''.join(ROMAN[s] for s in given).capitalize()} {ROMAN[surname]}"
