"""Memos by how they are built: cancelled, in brackets, behind cards and payment services, between people."""

import pytest


def read(memo_parser, memo):
    (reading,) = memo_parser.read([memo])
    return reading


@pytest.mark.parametrize(
    ("memo", "category", "counterparty"),
    [
        ("스타벅스취소", "refund", "스타벅스"),
        ("[취소]쿠팡", "refund", "쿠팡"),
        ("취소:배달의민족", "refund", "배달의민족"),
        ("스타벅스 취소후재승인", "cafe", "스타벅스"),
        ("스타벅스 취소후재승", "cafe", "스타벅스"),
        ("KB카드 열린의원", "hospital", "열린의원"),
        ("신한카드 스타벅스강남점", "cafe", "스타벅스"),
        ("신한카드 11월", "card_payment", "신한카드"),
        ("신)명가갈비", "restaurant", "명가갈비"),
        ("TST* LA VIUDA", "restaurant", "LA VIUDA"),
        ("PAYPAL *CRAFTNOOK", "online_shopping", "CRAFTNOOK"),
        ("MUELLERHANDWERK.COM", "online_shopping", "MUELLERHANDWERK.COM"),
        ("급여(삼성전자)", "salary", "삼성전자"),
        ("생계급여(의정부시청)", "benefit", "의정부시청"),
        ("24시전주콩나물국", "restaurant", "24시전주콩나물국"),
        ("배민 정산", "business_income", "배달의민족"),
        ("김철수 정산", "transfer_person", "김철수"),
        ("유학원 수수료", "academy", None),
        ("TENANCY DEPOSIT OAKHAM LETS", "housing_deposit", "OAKHAM LETS"),
        ("CITY OF AUSTIN WATER UTIL", "water", "CITY OF AUSTIN"),
        ("NGUYEN THI HOA", "transfer_person", "NGUYEN THI HOA"),
        ("박지현 커피", "transfer_person", "박지현"),
        ("엄마 용돈", "gift_money", None),
        ("아빠", "transfer_person", None),
        ("장모님용돈", "gift_money", None),
        ("파킹통장이자", "interest_income", None),
        ("키즈웰치과", "dental", "키즈웰치과"),
        ("국민연금 11월 고지분", "insurance_social", None),
        ("국민연금공단", "insurance_social", "국민연금공단"),
        ("세븐일레븐ATM", "atm_cash", None),
        ("누수수리 성실설비", "home_repair", "성실설비"),
        ("엔진오일교환", "car_service", None),
        ("가" * 3_400, "other", None),
    ],
)
def test_a_memo_is_read_by_how_it_is_built(memo_parser, memo, category, counterparty):
    reading = read(memo_parser, memo)
    assert (reading.category, reading.counterparty) == (category, counterparty)


@pytest.mark.parametrize(
    "memo",
    [
        "스타벅스 취소",
        "쿠팡 할부 3개월",
        "쿠팡 HTTP://COUPANG.COM",
        "스타벅스(주식회사)",
        "이마트 할부",
        "다이소 일시불",
    ],
)
def test_what_says_how_it_was_paid_is_no_branch(memo_parser, memo):
    assert read(memo_parser, memo).branch is None


@pytest.mark.parametrize(
    ("memo", "branch"),
    [
        ("스타벅스(미금역)", "미금역"),
        ("스타벅스 강남2호", "강남2호"),
        ("NIKESFO", "SFO"),
        ("현대백화점판교점", "판교점"),
    ],
)
def test_a_place_is_a_branch(memo_parser, memo, branch):
    assert read(memo_parser, memo).branch == branch


@pytest.mark.parametrize(
    ("memo", "channel"),
    [
        ("ACH DEP ACME PAYROLL", "transfer"),
        ("ACH CREDIT ACME PAYROLL", "transfer"),
        ("ACH DEBIT CITY WATER", "auto_debit"),
        ("FB이체 김철수", "transfer"),
        ("KB카드 열린의원", "card"),
        ("EFTPOS GOLDEN WOK", "pos"),
    ],
)
def test_money_that_comes_in_is_no_debit(memo_parser, memo, channel):
    assert read(memo_parser, memo).channel == channel


@pytest.mark.parametrize(
    ("memo", "category"),
    [
        ("원조할매순대국밥", "restaurant"),
        ("한우마을정육점", "groceries"),
        ("바른정형외과의원", "hospital"),
        ("정상수학학원", "academy"),
        ("손끝네일바", "beauty_salon"),
        ("한빛철물점", "home_repair"),
        ("SUNSET NAIL BAR", "beauty_salon"),
        ("HARBOR PLUMBING & HEATING", "home_repair"),
        ("TWO BROTHERS REMOVALS", "moving_service"),
        ("OAK LANE MOT CENTRE", "car_service"),
        ("VICTORIA PHYSIOTHERAPY", "hospital"),
        ("GRACE BAPTIST", "donation"),
    ],
)
def test_a_shop_nobody_knows_is_told_by_its_trade(memo_parser, memo, category):
    assert read(memo_parser, memo).category == category


@pytest.mark.parametrize("name", ["조경지", "황태영", "한우혁", "김도서", "박유아", "이소아", "서예윤", "김서원"])
def test_a_word_for_a_shop_within_a_persons_name_does_not_show_the_person(memo_parser, name):
    for memo in (name, f"{name} 고마워", f"이체 {name}"):
        (facts,) = memo_parser.parse([memo])
        assert (facts.category, facts.counterparty) == ("transfer_person", "[PERSON]")
        assert name not in str(facts)


@pytest.mark.parametrize(
    ("memo", "category"),
    [("이안과", "hospital"), ("박내과", "hospital"), ("김약국", "pharmacy"), ("한빛가구", "household")],
)
def test_a_shop_called_after_a_surname_stays_a_shop(memo_parser, memo, category):
    assert read(memo_parser, memo).category == category
