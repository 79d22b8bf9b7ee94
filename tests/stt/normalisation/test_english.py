"""What English rules change, and what they leave alone."""

from __future__ import annotations

import pytest

from stt.normalisation import normalise_text
from stt.normalise import normalise, numbers

CHANGED = [
    ("four thousand five hundred dollars", "4500 dollars"),
    ("$4,500", "4500 dollars"),
    ("$4,500.", "4500 dollars."),
    ("4,500 dollars", "4500 dollars"),
    ("$4.50", "4.50 dollars"),
    ("four dollars and fifty cents", "4.50 dollars"),
    ("$4.5 million", "4500000 dollars"),
    ("four point five million dollars", "4500000 dollars"),
    ("one hundred twenty thousand dollars", "120000 dollars"),
    ("one hundred and twenty thousand dollars", "120000 dollars"),
    ("two million three hundred thousand dollars", "2300000 dollars"),
    ("a hundred dollars", "100 dollars"),
    ("a thousand dollars", "1000 dollars"),
    ("five dollars", "5 dollars"),
    ("ninety dollars", "90 dollars"),
    ("£20 and €30", "20 pounds and 30 euros"),
    ("₩5,000", "5000 won"),
    ("four point five percent", "4.5%"),
    ("four point two five per cent", "4.25%"),
    ("four and a half percent", "4.5%"),
    ("half a percent", "0.5%"),
    ("point five percent", "0.5%"),
    ("4.5 percent", "4.5%"),
    ("4.5 %", "4.5%"),
    ("one hundred percent", "100%"),
    ("five percent", "5%"),
    ("twenty third of March", "23rd of March"),
    ("on March twenty third", "on March 23rd"),
    ("March third", "March 3rd"),
    ("December thirty-first", "December 31st"),
    ("March twenty three", "March 23"),
    ("May first", "May 1st"),
    ("in may second", "in may 2nd"),
    ("nineteen eighty-seven", "1987"),
    ("twenty twenty six", "2026"),
    ("nineteen oh five", "1905"),
    ("two thousand and six", "2006"),
    ("two thousand twenty six", "2026"),
    ("three thirty pm", "3:30 pm"),
    ("three pm", "3 pm"),
    ("three o'clock", "3 o'clock"),
    ("nine fifteen a.m.", "9:15 a.m."),
    ("oh one oh, one two three four, five six seven eight", "010-1234-5678"),
    ("zero one two, three four five, six seven eight nine.", "012-345-6789."),
    ("zero one oh one two three four five six seven eight", "010-1234-5678"),
    ("one two three four, five six seven eight, nine zero one two, three four five six", "1234-5678-9012-3456"),
    ("double five six", "556"),
    ("triple zero one", "0001"),
    ("the last four digits are one two three four", "the last four digits are 1234"),
    ("my number is 012 345 6789", "my number is 012-345-6789"),
    ("my number is 012, 345, 6789", "my number is 012-345-6789"),
    ("0-1-2-3-4-5-6", "0123456"),
    ("ten minutes", "10 minutes"),
    ("at nine thirty this morning", "at 9:30 this morning"),
    ("the twenty first of January nineteen ninety", "the 21st of January 1990"),
    ("nine one one", "911"),
    ("five, five, five, one, two", "55512"),
    ("twenty-five years", "25 years"),
    ("two hundred", "200"),
    ("um, I want a loan", "I want a loan"),
    ("I, uh, want a loan", "I, want a loan"),
    ("I want um a loan", "I want a loan"),
    ("er, hello", "hello"),
]
KEPT = [
    "one of them",
    "no one",
    "a second",
    "one second, please",
    "the second loan",
    "first of all",
    "two one",
    "two weeks",
    "five minutes",
    "I may first ask",
    "march second in line",
    "uh huh",
    "mm hmm",
    "uh-huh",
    "um",
    "hundreds of dollars",
    "a couple of thousand",
    "oh, I see",
    "oh no",
    "I won the prize",
    "a quarter",
    "that is to say",
    "for you",
    "umbrella insurance",
    "hurry up",
    "one-off payment",
    "either one",
    "the one I lost",
    "point taken",
    "ATM",
    "012-345-6789",
    "9 to 5",
    "24/7",
    "one, two, three copies",
]


@pytest.mark.parametrize(("said", "written"), CHANGED)
def test_what_is_said_is_written_as_people_write_it(said: str, written: str) -> None:
    assert normalise_text(said, "en") == written


@pytest.mark.parametrize("said", KEPT)
def test_words_that_only_sound_like_numbers_stay(said: str) -> None:
    assert normalise_text(said, "en") == said


@pytest.mark.parametrize("text", [*(written for _, written in CHANGED), *KEPT])
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise_text(text, "en")
    assert normalise_text(once, "en") == once


@pytest.mark.parametrize(
    "spellings",
    [
        ("$4,500", "4500 dollars", "four thousand five hundred dollars", "4,500 dollars."),
        ("January 1st", "January first", "january 1"),
        ("010-1234-5678", "oh one oh one two three four five six seven eight", "01012345678", "010 1234 5678"),
        ("It's 4.5 percent", "It's four point five percent.", "its 4.5%"),
        ("3:30 p.m.", "three thirty pm"),
        ("the second loan", "the 2nd loan"),
        ("two weeks", "2 weeks"),
        ("one of them", "1 of them"),
        ("fixed-rate loan", "fixed rate loan"),
        ("I'm sure it won't help.", "I am sure it will not help", "I’m sure it won’t help"),
        (
            "That's what we can't do, let's go",
            "that is what we cannot do let us go",
            "That is what we can not do. Let's go.",
        ),
        (
            "You're late, they'd say, but I've tried and we'll see",
            "you are late they would say but i have tried and we will see",
        ),
        ("세 번째", "3번째"),
        ("공일공 일이삼사 오육칠팔", "010-1234-5678", "01012345678"),
        ("일억 이천만 원", "1억 2천만원", "120,000,000원"),
        ("삼 점 오 퍼센트", "3.5%", "3.5 퍼센트"),
        ("음 오후 세 시요", "오후 3시요"),
    ],
)
def test_error_rates_count_two_spellings_of_one_thing_as_equal(spellings: tuple[str, ...]) -> None:
    assert len({normalise(text) for text in spellings}) == 1


def test_a_wrong_digit_is_still_an_error() -> None:
    assert normalise("four thousand five hundred dollars") != normalise("$4,600")
    assert normalise("일억 이천만 원") != normalise("일억 삼천만 원")


def test_the_numbers_of_a_text_are_counted_as_they_were_said() -> None:
    assert numbers(normalise("공일공 일이삼사 오육칠팔로 삼 점 오 퍼센트")) == ["01012345678", "3.5"]
