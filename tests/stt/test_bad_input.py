"""A folder full of broken calls, landed and transcribed in one go: each has its reason, none spoils another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from hub.records import DeadLetter, Transcript
from ingest.landing import land_calls
from ingest.report import LandingReport
from stt.audio import BadAudio
from stt.transcriber import CallAudio, WhisperTranscriber
from tests.ingest.rig import Rig
from tests.stt.broken_calls import Broken, broken_calls, sidecar, wav

pytestmark = pytest.mark.slow

SHORT_S = 5
with TemporaryDirectory() as scratch:
    NAMES = sorted(broken_calls(Path(scratch), np.full((2_000, 2), 0.1)))
LONG_NAME = "call-" + "x" * 240
GOOD = ("good-1", LONG_NAME)


@dataclass
class Outcome:
    """What became of the delivery."""

    rig: Rig
    kinds: dict[str, Broken]
    report: LandingReport
    letters: dict[str, list[DeadLetter]] = field(default_factory=dict)
    heard: dict[str, Transcript | BadAudio] = field(default_factory=dict)


def file_name(kind: str) -> str:
    return kind.replace(" ", "-").replace(":", "")


@pytest.fixture(scope="module")
def outcome(
    tmp_path_factory: pytest.TempPathFactory, korean_samples: np.ndarray, transcriber: WhisperTranscriber
) -> Iterator[Outcome]:
    folder = tmp_path_factory.mktemp("broken")
    call = korean_samples[: SHORT_S * 8_000]
    kinds = broken_calls(folder, call)
    rig = Rig(folder / "rig")
    for number, name in enumerate(GOOD):
        rig.file(f"calls/{name}.wav", wav(call * (1 - 0.1 * number)))
        rig.file(f"calls/{name}.json", sidecar(name[:200]))
    rig.file("outside.wav", wav(call * 0.5))
    for kind, broken in kinds.items():
        name = file_name(kind)
        for suffix, raw in broken.files.items():
            rig.file(f"calls/z/{name}{suffix}", sidecar(name) if suffix == ".json" and not raw else raw)
        if broken.link_to:
            (rig.source / f"calls/z/{name}.wav").symlink_to(rig.source / broken.link_to)
    found = Outcome(rig, kinds, land_calls(rig.source / "calls", **rig.parts))
    for letter in rig.letters.list(limit=1_000):
        found.letters.setdefault(letter.message.partition(":")[0].partition(".")[0], []).append(letter)
    landed = []
    for row in rig.rows("bronze.calls"):
        path = folder / f"{len(landed)}{Path(row['object_key']).suffix}"
        with rig.objects.open(row["object_key"]) as stored:
            path.write_bytes(stored.read())
        landed.append(CallAudio(path, row["call_id"], tuple(row["channel_roles"]), row["language"]))
    results = list(transcriber.transcribe_many(landed))
    found.heard = {call.call_id: result for call, result in zip(landed, results, strict=True)}
    yield found
    rig.close()


def test_there_are_enough_kinds() -> None:
    assert len(NAMES) >= 50


@pytest.mark.parametrize("kind", NAMES)
def test_a_broken_call_has_its_reason_and_what_can_be_heard_is_kept(outcome: Outcome, kind: str) -> None:
    broken, name = outcome.kinds[kind], file_name(kind)
    reasons = {letter.reason for letter in outcome.letters.get(name, [])}
    result = outcome.heard.get(name)
    if broken.refused:
        assert broken.refused in reasons
        assert result is None
    elif broken.unheard:
        assert isinstance(result, BadAudio)
        assert result.reason == broken.unheard
    else:
        assert not reasons
        assert isinstance(result, Transcript)
        assert any(warning.startswith(broken.warns) for warning in result.warnings) or not broken.warns
        assert not broken.said or len("".join(turn.text for turn in result.turns)) >= 5


def test_good_calls_among_them_are_heard_in_full(outcome: Outcome, transcriber: WhisperTranscriber) -> None:
    texts = []
    for name in GOOD:
        result = outcome.heard[name[:200]]
        assert isinstance(result, Transcript)
        assert result.warnings == ()
        texts.append([turn.text for turn in result.turns])
    assert "행복은행" in "".join(texts[0]).replace(" ", "")


def test_every_refused_byte_is_kept(outcome: Outcome) -> None:
    sizes = {info.key: info.size_bytes for info in outcome.rig.objects.list("vault/")}
    for letters in outcome.letters.values():
        for letter in letters:
            assert letter.payload_key in sizes
    assert outcome.report.refused == sum(outcome.report.reasons.values())
    assert not any("secret" in key for key in sizes)


def test_landing_the_folder_again_adds_nothing(outcome: Outcome) -> None:
    before = (outcome.rig.rows("bronze.calls"), len(outcome.rig.letters.list(limit=1_000)))
    again = land_calls(outcome.rig.source / "calls", **outcome.rig.parts)
    assert again.accepted == 0
    assert again.reasons == outcome.report.reasons
    assert (outcome.rig.rows("bronze.calls"), len(outcome.rig.letters.list(limit=1_000))) == before
