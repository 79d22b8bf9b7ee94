"""Keyed stand-ins: the same value is the same, the form stays, and nothing made is anybody's number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.ids import Pseudonymizer
from nlp.personal_data.detectors.card import luhn
from nlp.personal_data.pseudonyms import pseudonymise, token, with_format

OURS, THEIRS = Pseudonymizer(b"a" * 32).digest, Pseudonymizer(b"b" * 32).digest


def test_a_text_keeps_its_sense_under_tokens(redactor):
    text = "저는 김철수이고 010-1234-5678로 전화 주세요"
    made = pseudonymise(text, redactor.find(text, "ko"), OURS, "k1")
    assert made.startswith("저는 [PERSON:k1:")
    assert made.endswith("]로 전화 주세요")
    assert "김철수" not in made
    assert "1234" not in made.replace(":k1:", "")[:40] or "5678" not in made


def test_spelling_does_not_matter_and_the_key_does():
    assert token("PHONE", "공일공 일이삼사 오육칠팔", OURS, "1") == token("PHONE", "010-1234-5678", OURS, "1")
    assert token("PHONE", "010-1234-5678", OURS, "1") != token("PHONE", "010-1234-5678", THEIRS, "1")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("PHONE", "010-1234-5678"),
        ("CARD", "4111 1111 1111 1111"),
        ("RRN", "850123-1234567"),
        ("ACCOUNT", "110-234-567890"),
        ("DRIVER_LICENSE", "11-90-123456-12"),
    ],
)
def test_digits_stay_digits_in_their_places(kind, value):
    made = with_format(kind, value, OURS)
    assert [c.isdigit() for c in made] == [c.isdigit() for c in value]
    assert [c for c in made if not c.isdigit()] == [c for c in value if not c.isdigit()]
    assert made == with_format(kind, value, OURS) != with_format(kind, value, THEIRS)


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_a_made_card_is_never_a_card(digits):
    assert not luhn([int(digit) for digit in with_format("CARD", digits, OURS)])


@given(st.text(alphabet="0123456789", min_size=13, max_size=13))
def test_a_made_resident_number_has_no_month(digits):
    assert int(with_format("RRN", digits, OURS)[2:4]) > 12


def test_what_is_spoken_has_no_form_to_keep():
    assert with_format("PHONE", "공일공 일이삼사 오육칠팔", OURS) == ""
