"""The tokenizer keeps to the order of ids that CTranslate2 and faster-whisper expect."""

from __future__ import annotations

import pytest
from faster_whisper.tokenizer import Tokenizer as WhisperTokenizer

from stt.training.tokens import SPECIALS, TIMESTAMPS, Vocabulary, build_vocabulary

KOREAN = ("안녕하세요 제 번호는 010-1234-5678입니다.", "연 4.5%입니다.")
ENGLISH = ("Hello, my phone number is 123-456.", "How may I help you today?")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(KOREAN, ENGLISH)


def test_ids_stand_in_whispers_order(vocabulary: Vocabulary) -> None:
    tokens = vocabulary.tokens()
    assert tokens[vocabulary.text_tokens] == ""
    assert tokens[vocabulary.text_tokens + 1 :] == [*SPECIALS, *TIMESTAMPS]
    assert vocabulary.id("<|0.00|>") == vocabulary.first_timestamp
    assert len(tokens) == vocabulary.size == len(set(tokens))


@pytest.mark.parametrize("text", [*KOREAN, *ENGLISH, "똠방각하 émigré 漢字 🙂"])
def test_every_text_comes_back(vocabulary: Vocabulary, text: str) -> None:
    ids, _ = vocabulary.encode(" " + text)
    assert vocabulary.tokenizer.decode(ids) == " " + text


def test_a_known_syllable_is_one_token_with_or_without_its_space(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.encode(" 안녕하세요")[0]) == 5


def test_digits_are_spelt_one_by_one(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.encode(" 010-1234-5678")[0]) == len("010-1234-5678")


def test_faster_whisper_suppresses_no_bare_space(vocabulary: Vocabulary) -> None:
    tokenizer = WhisperTokenizer(vocabulary.tokenizer, multilingual=True, task="transcribe", language="ko")
    assert vocabulary.tokenizer.token_to_id("\u0120") not in tokenizer.non_speech_tokens
    assert tokenizer.timestamp_begin == vocabulary.first_timestamp


def test_a_vocabulary_grows_without_renaming_its_pieces(vocabulary: Vocabulary) -> None:
    grown = build_vocabulary(("똠방각하",), (), vocabulary)
    kept = vocabulary.tokens()[: vocabulary.text_tokens]
    assert grown.tokens()[: len(kept)] == kept
    assert len(grown.encode(" 똠방각하")[0]) == 4
    assert grown.encode(KOREAN[0])[0] == vocabulary.encode(KOREAN[0])[0]
