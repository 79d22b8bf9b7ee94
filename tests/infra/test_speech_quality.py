"""What a model scored is kept and compared; what it was unsure of waits for a person."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("espeakng_loader")

from hub.errors import Permanent
from hub.settings import load_settings
from infra.jobs import speech, speech_quality
from infra.jobs.listening import is_sampled, listen
from infra.wiring import Hub
from stt.hearing import CallAudio
from stt.models import DEMO_MODEL_DIR
from tests.stt.conftest import (  # noqa: F401 - fixtures
    ENGLISH,
    KOREAN,
    english_call,
    english_samples,
    korean_call,
    korean_samples,
    write_wav,
)

ROLES = ("AGENT", "CUSTOMER")


def hub_at(home: Path, **speech_settings: str) -> Hub:
    names = {f"HUB_SPEECH__{name.upper()}": value for name, value in speech_settings.items()}
    return Hub(load_settings({"HUB_HOME": str(home), "HUB_SPEECH__THREADS": "1", **names}))


@pytest.fixture
def labelled(tmp_path: Path, korean_call: Path, english_call: Path) -> Path:  # noqa: F811
    folder = tmp_path / "calls"
    for condition, recording, lines, language in (
        ("clean", korean_call, KOREAN, "ko"),
        ("branch", english_call, ENGLISH, "en"),
    ):
        (folder / condition).mkdir(parents=True)
        shutil.copy(recording, folder / condition / "call.wav")
        turns = [{"role": ROLES[line.who], "text": line.text} for line in lines]
        truth = {"language": language, "turns": turns, "keywords": ["행복은행", "home loan"]}
        if language == "ko":
            truth["personal_data"] = [{"turn": 3, "kind": "PHONE", "text": "010-2345-6789"}]
        (folder / condition / "call.json").write_text(json.dumps(truth), encoding="utf-8")
    return folder


def test_a_folder_is_scored_by_language_role_and_condition_and_two_models_are_compared(
    labelled: Path, tmp_path: Path
) -> None:
    hub = hub_at(tmp_path / "home")
    report = speech_quality.evaluate_folder(hub, labelled, labelled)
    keys = [(s["language"], s["role"], s["condition"]) for s in report["scores"]]
    assert ("all", "all", "clean") in keys
    assert ("all", "all", "branch") in keys
    assert keys[-1] == ("all", "all", "all")
    assert {call["call"] for call in report["by_call"]} == {"clean/call", "branch/call"}
    total = report["scores"][-1]
    assert total["keyword_recall"] is not None
    assert total["redaction_recall"] in (None, 100.0)
    assert len(list(speech_quality.rows_of(report))) == len(report["scores"])
    other_dir = tmp_path / "other"
    shutil.copytree(DEMO_MODEL_DIR, other_dir)
    with (other_dir / "model.bin").open("ab") as weights:
        weights.write(b"\0")
    with pytest.raises(Permanent) as refusal:
        speech_quality.compare(hub, "demo", "other")
    assert refusal.value.reason == "no_evaluation"
    speech_quality.evaluate_folder(hub_at(tmp_path / "home", model=str(other_dir)), labelled, labelled)
    difference = speech_quality.compare(hub, "demo", "other", corpus=report["corpus"])
    assert (difference["calls"], difference["better"], difference["worse"]) == (2, 0, 0)
    assert all(row["cer_change"] == 0.0 for row in difference["scores"])
    assert len(list(speech_quality.difference_rows(difference))) == len(report["scores"])


def test_unsure_turns_wait_redacted_once_and_can_be_done(tmp_path: Path, korean_call: Path) -> None:  # noqa: F811
    hub = hub_at(tmp_path / "home", review_below="1.0", review_percent="100")
    many = listen(hub)
    assert many is not None
    for _ in range(2):
        (transcript,) = many([CallAudio(korean_call, "c1", ROLES, "ko")])
    items = speech_quality.reviews(hub)
    assert len(items) == len({item.review_id for item in items}) == len(transcript.turns)
    assert not any("2345" in item.text for item in items)
    speech_quality.finish_review(hub, items[0].review_id, "right")
    assert len(speech_quality.reviews(hub)) == len(items) - 1
    assert [item.note for item in speech_quality.reviews(hub, is_done=True)] == ["right"]


def test_the_sample_is_the_share_asked_for_and_the_same_every_time() -> None:
    chosen = [is_sampled(f"call-{number}", 5.0) for number in range(4_000)]
    assert 0.04 < np.mean(chosen) < 0.06
    assert chosen == [is_sampled(f"call-{number}", 5.0) for number in range(4_000)]
    assert not is_sampled("call-1", 0.0)
    assert is_sampled("call-1", 100.0)


def test_transcribed_files_come_as_call_analytics_documents(
    tmp_path: Path,
    korean_call: Path,  # noqa: F811
    write_wav: Callable[..., Path],  # noqa: F811
) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"")
    result = speech.transcribe_files(hub_at(tmp_path / "home"), [korean_call, broken], "ko")
    (document,) = result.documents
    assert {"Transcript", "ConversationCharacteristics", "LanguageCode"} <= set(document)
    assert [Path(path).name for path, _ in result.refused] == ["broken.wav"]


def test_channels_are_named_by_what_is_said_unless_the_user_names_them(
    tmp_path: Path,
    korean_samples: np.ndarray,  # noqa: F811
    write_wav: Callable[..., Path],  # noqa: F811
) -> None:
    hub = hub_at(tmp_path / "home")
    path = write_wav("swapped-cli.wav", korean_samples[:, ::-1])
    (told,) = speech.transcribe_files(hub, [path], "ko").transcripts
    (named,) = speech.transcribe_files(hub, [path], "ko", ROLES).transcripts
    assert [turn.role for turn in told.turns] == [ROLES[1 - ROLES.index(turn.role)] for turn in named.turns]
    assert "roles_by_speech" in told.warnings
    assert "(roles_by_speech" in speech.as_text(speech.Transcribed([], [told], []))
