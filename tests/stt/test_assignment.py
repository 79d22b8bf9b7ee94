"""No word of one call ends up in another."""

from __future__ import annotations

from random import Random

import pytest

from hub.records import Word
from stt.assignment import Utterance, share
from stt.audio import RATE_HZ
from stt.packing import Window, pack
from stt.speech_spans import PAD_MS, Span

PER_MS = RATE_HZ // 1_000


def word(text: str, start_ms: int, end_ms: int) -> Word:
    return Word(text=text, start_ms=start_ms, end_ms=end_ms, probability=0.9)


def two_calls() -> Window:
    """Call 0 speaks from 0.25 to 1.75 s of the window, call 1 from 2.85 to 4.35 s."""
    (window,) = pack([(0, Span(0, 0, 2_000 * PER_MS)), (1, Span(0, 0, 2_000 * PER_MS))], 30.0, across=True)
    return window


def texts(utterances: list[Utterance]) -> dict[int, str]:
    return {utterance.placement.call: utterance.text for utterance in utterances}


FIRST, LAST = (
    [word("one", 300, 900), word("two", 900, 1_700)],
    [word("four", 3_200, 3_700), word("five.", 3_700, 4_300)],
)


@pytest.mark.parametrize(
    ("between", "owner", "is_doubtful"),
    [
        (word("begins", 1_700, 3_200), 1, False),
        (word("begins", 1_620, 2_900), 1, False),
        (word("Begins", 2_100, 3_200), 1, False),
        (word("straddles", 1_200, 3_200), 1, True),
        (word("ends.", 1_700, 2_050), 0, False),
        (word("ends.", 1_800, 2_300), 0, False),
        (word("hovers", 1_900, 2_400), 0, True),
    ],
)
def test_a_word_belongs_where_it_ends_and_is_doubted_where_that_is_unsure(
    between: Word, owner: int, is_doubtful: bool
) -> None:
    found = share(two_calls(), [*FIRST, between, *LAST])
    assert between.text in texts(found)[owner]
    assert all(utterance.is_doubtful == is_doubtful for utterance in found)


def test_after_the_end_of_a_sentence_a_word_in_the_pause_begins_the_next_call() -> None:
    found = share(two_calls(), [word("one", 300, 900), word("two.", 900, 1_700), word("Yes", 1_900, 2_400), *LAST])
    assert texts(found)[1].startswith("Yes")


def test_a_call_without_words_casts_doubt_on_its_neighbour() -> None:
    found = share(two_calls(), [*FIRST, word("three", 1_700, 1_740)])
    assert [utterance.is_doubtful for utterance in found] == [True, True]


def test_more_words_than_fit_are_doubted() -> None:
    crowd = [word("unbelievably", 300 + 60 * n, 360 + 60 * n) for n in range(20)]
    assert share(two_calls(), [*crowd, *LAST])[0].is_doubtful


@pytest.mark.parametrize("seed", range(50))
def test_every_word_comes_home_whatever_is_packed_beside_it(seed: int) -> None:
    random = Random(seed)
    spans = [
        (call, Span(channel, at * PER_MS, (at + random.randrange(700, 9_000)) * PER_MS))
        for call in range(8)
        for channel in range(2)
        for at in (0, 12_000)
    ]
    for window in pack(spans, 30.0, across=True):
        said = [w for placement in window.placements for w in _speak(placement, random)]
        for utterance in share(window, _as_attention_times_them(said)):
            assert {w.text.split("/")[0] for w in utterance.words} == {_name(utterance.placement)}


def _name(placement: object) -> str:
    return f"{placement.call}-{placement.span.channel}-{placement.span.start}"


def _speak(placement: object, random: Random) -> list[Word]:
    """Fill the speech of a span with words that carry its name."""
    at, end = placement.at // PER_MS + PAD_MS, placement.end // PER_MS - PAD_MS
    words = []
    while at < end - 60:
        until = min(end, at + random.randrange(120, 700))
        words.append(word(f"{_name(placement)}/{len(words)}", at, until))
        at = until
    return words


def _as_attention_times_them(words: list[Word]) -> list[Word]:
    """Let every word begin where the one before it ended."""
    return [word(w.text, words[index - 1].end_ms if index else 0, w.end_ms) for index, w in enumerate(words)]
