"""Error rates under the stated normaliser."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from hub.errors import Misconfigured
from hub.records import Transcript, Turn, Word
from stt.evaluate import evaluate, labelled_calls, score
from stt.normalise import normalise, numbers
from stt.transcriber import WhisperTranscriber
from tests.stt.conftest import KOREAN, Line

ROLES = ("AGENT", "CUSTOMER")


def truth(lines: tuple[Line, ...], language: str) -> dict[str, object]:
    turns = [{"role": ROLES[line.who], "text": line.text, "spoken": line.spoken} for line in lines]
    return {"language": language, "channel_roles": list(ROLES), "turns": turns}


@pytest.fixture
def labelled(tmp_path: Path, korean_call: Path) -> Path:
    shutil.copy(korean_call, tmp_path / "a.wav")
    (tmp_path / "a.json").write_text(json.dumps(truth(KOREAN, "ko")), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("네,  알겠습니다.", "네 알겠습니다"),
        ("연 4.5%입니다.", "연 4.5%입니다"),
        ("Hello, World!", "hello world"),
        ("１２３만 원", "123만 원"),
        ("1,000 dollars.", "1000 dollars"),
        ("", ""),
    ],
)
def test_the_normaliser_does_what_it_states(text: str, expected: str) -> None:
    assert normalise(text) == expected
    assert normalise(expected) == expected


def test_a_phone_number_is_one_number() -> None:
    assert numbers("제 번호는 010-1234-5678이고 4.5% 30만 원") == ["010-1234-5678", "4.5", "30"]


def test_a_directory_is_scored_by_language_and_channel(labelled: Path, transcriber: WhisperTranscriber) -> None:
    evaluation = evaluate(labelled, transcriber)
    assert [(s.language, s.role) for s in evaluation.scores] == [
        ("ko", "AGENT"),
        ("ko", "CUSTOMER"),
        ("ko", "all"),
        ("all", "all"),
    ]
    assert all(s.cer <= 20.0 for s in evaluation.scores)
    assert evaluation.calls == 1
    assert evaluation.refused == {}
    assert 0 < evaluation.real_time_factor < 1


def test_truth_may_lie_in_another_directory(labelled: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "truth"
    elsewhere.mkdir()
    (labelled / "a.json").rename(elsewhere / "a.json")
    (call,) = labelled_calls(labelled, elsewhere)
    assert call.said["CUSTOMER"].startswith("신용대출")
    assert list(labelled_calls(labelled)) == []


def test_a_recording_that_cannot_be_read_is_named_and_the_rest_is_scored(
    labelled: Path, transcriber: WhisperTranscriber
) -> None:
    (labelled / "b.wav").write_bytes(b"")
    shutil.copy(labelled / "a.json", labelled / "b.json")
    evaluation = evaluate(labelled, transcriber)
    assert evaluation.refused == {"b": "empty"}
    assert evaluation.scores[-1].calls == 1


def test_a_directory_without_labelled_calls_says_so(tmp_path: Path, transcriber: WhisperTranscriber) -> None:
    with pytest.raises(Misconfigured, match="no labelled call"):
        evaluate(tmp_path, transcriber)


def test_a_perfect_transcript_scores_zero_and_swapped_channels_do_not(
    labelled: Path, transcriber: WhisperTranscriber, korean_call: Path
) -> None:
    (call,) = labelled_calls(labelled)
    heard = transcriber.transcribe(korean_call, call_id="a", roles=ROLES, language="ko")
    swapped = transcriber.transcribe(korean_call, call_id="a", roles=ROLES[::-1], language="ko")
    assert score([(call, heard)])[-1].cer < 20.0
    assert score([(call, swapped)])[-1].cer > 60.0


def spoken(role: str, text: str, start_ms: int) -> Turn:
    words = [Word(text=word, start_ms=start_ms, end_ms=start_ms + 100, probability=0.9) for word in text.split()]
    return Turn(turn_id=start_ms, role=role, start_ms=start_ms, end_ms=start_ms + 500, text=text, words=tuple(words))


SAID = [{"role": "상담원", "text": "무엇을 도와드릴까요?"}, {"role": "customer", "text": "대출 금리가 얼마인가요"}]
TIMES = [{"start_ms": 0, "end_ms": 900}, {"start_ms": 1_000, "end_ms": 2_000}]


@pytest.mark.parametrize("times", [TIMES, [{}, {}]], ids=["times known", "texts alone"])
@pytest.mark.parametrize(
    ("given", "agent", "customer"),
    [(("AGENT", "CUSTOMER"), 100.0, 100.0), (("AGENT", "AGENT"), 100.0, 0.0), (("UNKNOWN", "UNKNOWN"), 0.0, 0.0)],
)
def test_words_given_to_the_wrong_person_or_to_nobody_known_lower_the_role_accuracy(
    tmp_path: Path, times: list[dict[str, int]], given: tuple[str, str], agent: float, customer: float
) -> None:
    (tmp_path / "a.wav").write_bytes(b"unheard")
    turns = [turn | time for turn, time in zip(SAID, times, strict=True)]
    (tmp_path / "a.json").write_text(json.dumps({"language": "ko", "turns": turns}), encoding="utf-8")
    (call,) = labelled_calls(tmp_path)
    heard = tuple(
        spoken(role, turn["text"], 1_100 * place) for place, (role, turn) in enumerate(zip(given, SAID, strict=True))
    )
    transcript = Transcript(call_id="a", language="ko", duration_ms=3_000, model="m", turns=heard)
    scores = {item.role: item.role_accuracy for item in score([(call, transcript)]) if item.language == "ko"}
    assert (scores["AGENT"], scores["CUSTOMER"]) == (agent, customer)
