"""Who is who: by the sidecar, by what is said, and when nobody can say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hub.records import Transcript
from stt.diarisation.weights import find_weights
from stt.roles import lean, sounds_like_agent
from stt.transcriber import CallAudio, WhisperTranscriber
from tests.stt.conftest import KOREAN

ROLES = ("AGENT", "CUSTOMER")


@pytest.mark.parametrize(
    ("agent", "customer", "language"),
    [
        ("안녕하세요 행복 은행 고객 센터입니다", "신용대출 금리 문의드립니다", "ko"),
        ("본인확인을 위해 성함을 말씀해 주시겠습니까", "제 이름은 김철수입니다", "ko"),
        ("네 고객님 바로 처리해 드리겠습니다", "카드를 해지하고 싶은데요", "ko"),
        ("Thank you for calling Happy Bank", "I lost my card yesterday", "en"),
        ("Can I have your date of birth?", "I would like to open an account", "en"),
    ],
)
def test_an_agent_sounds_like_one(agent: str, customer: str, language: str) -> None:
    assert lean(agent, customer, language) >= 2
    assert lean(customer, agent, language) <= -2


def test_nobody_sounds_like_anything_in_a_language_without_cues() -> None:
    assert sounds_like_agent("고객센터입니다", "fr") == 0


@pytest.fixture(scope="module")
def swapped_call(write_wav: Callable[..., Path], korean_samples: np.ndarray) -> Path:
    """Return a call with the customer left and the agent right."""
    return write_wav("swapped.wav", korean_samples[:, ::-1])


def heard(transcriber: WhisperTranscriber, path: Path, roles: tuple[str, ...]) -> Transcript:
    (result,) = transcriber.transcribe_many([CallAudio(path, "c", roles, "ko")])
    assert isinstance(result, Transcript)
    return result


def test_a_sidecar_that_names_the_channels_the_other_way_round_is_followed(
    transcriber: WhisperTranscriber, swapped_call: Path
) -> None:
    transcript = heard(transcriber, swapped_call, ("CUSTOMER", "AGENT"))
    assert transcript.warnings == ()
    assert [turn.role for turn in transcript.turns] == [ROLES[line.who] for line in KOREAN]


def test_a_sidecar_without_roles_leaves_them_to_what_is_said(
    transcriber: WhisperTranscriber, swapped_call: Path, korean_call: Path
) -> None:
    for path in (swapped_call, korean_call):
        transcript = heard(transcriber, path, ())
        assert transcript.warnings == ("roles_by_speech",)
        assert [turn.role for turn in transcript.turns] == [ROLES[line.who] for line in KOREAN]


def test_loudness_follows_the_roles(transcriber: WhisperTranscriber, swapped_call: Path) -> None:
    by_sidecar, by_speech = (heard(transcriber, swapped_call, roles) for roles in (("CUSTOMER", "AGENT"), ()))
    assert {t.role: t.per_second_db for t in by_sidecar.loudness} == {
        t.role: t.per_second_db for t in by_speech.loudness
    }


def test_a_sidecar_that_what_is_said_contradicts_is_followed_with_a_warning(
    transcriber: WhisperTranscriber, swapped_call: Path
) -> None:
    transcript = heard(transcriber, swapped_call, ROLES)
    assert transcript.warnings == ("roles_contradict_speech",)
    assert transcript.turns[0].role == "CUSTOMER"


def test_one_sided_speech_is_named_as_is_usual_with_a_warning(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    alone = np.stack(
        [korean_samples[:, 0], np.random.default_rng(1).standard_normal(len(korean_samples)) * 0.003], axis=1
    )
    transcript = heard(transcriber, write_wav("one-sided.wav", alone), ())
    assert transcript.warnings == ("roles_assumed", "no_speech:CUSTOMER")


def test_a_language_that_the_model_does_not_know_is_detected_instead(
    transcriber: WhisperTranscriber, korean_call: Path
) -> None:
    (result,) = transcriber.transcribe_many([CallAudio(korean_call, "c", ROLES, "tlh")])
    assert isinstance(result, Transcript)
    assert (result.language, result.warnings) == ("ko", ("language_unknown:tlh",))


@pytest.mark.skipif(find_weights() is None, reason="needs the extra diarisation")
def test_a_mono_mix_on_one_side_of_a_stereo_recording_is_told_apart_only_when_sure(
    transcriber: WhisperTranscriber, write_wav: Callable[..., Path], korean_samples: np.ndarray
) -> None:
    mixed = np.stack([korean_samples.sum(axis=1), np.zeros(len(korean_samples), np.float32)], axis=1)
    transcript = heard(transcriber, write_wav("one-side.wav", mixed), ROLES)
    assert {turn.role for turn in transcript.turns} in ({"AGENT"}, set(ROLES))
    told_apart = "speakers_by_voice" in transcript.warnings
    assert told_apart == ({turn.role for turn in transcript.turns} == set(ROLES))
    assert told_apart or "dead_channel:CUSTOMER" in transcript.warnings
