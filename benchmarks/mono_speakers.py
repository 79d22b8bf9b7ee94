"""Who speaks on a mono recording: the demo bank's stereo calls mixed to one channel, and told apart again.

Against the same calls by channel: the share of true speaking time (where one person speaks) that carries the right
role, and of it the share where the two voices at least were kept apart; and how often the mixed call is found to have two
voices, and the agent's channel alone one. Synthetic voices: people differ more, but they also talk over each other more. ``BENCH_CALLS`` sets the number of calls.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import soundfile
from scipy.signal import resample_poly

from benchmarks.machine import figure
from demo.bank import generate
from hub.records import Transcript
from stt.audio import RATE_HZ, BadAudio
from stt.diarisation.voices import listen_for_voices
from stt.speech_spans import find_spans
from stt.transcriber import CallAudio, WhisperTranscriber

CALLS = int(os.environ.get("BENCH_CALLS", "50"))
STEP_MS = 100
GOOD = 0.9


def main() -> None:
    """Generate calls, mix them, transcribe them, compare turn by turn."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root / "source", root / "truth", customers=CALLS * 5, days=30, seed=11)
        truths = [json.loads(path.read_bytes()) for path in sorted((root / "truth" / "calls").glob("*.json"))[:CALLS]]
        calls = [_mixed(root, truth) for truth in truths]
        told = Counter(found for call in calls for found in _voices(root, call.path))
        figure("mono.two_voices_found", told["two as two"] / len(calls), "share of mixed calls", calls=len(calls))
        figure("mono.one_voice_found", told["one as one"] / len(calls), "share of single channels", calls=len(calls))
        transcriber = WhisperTranscriber("demo", threads=1)
        results = list(transcriber.transcribe_many(calls))
    rights, aparts, warnings = [], [], Counter[str]()
    for truth, result in zip(truths, results, strict=True):
        if isinstance(result, BadAudio):
            raise result
        agree = [(said == role) for said, role in _compare(truth, result)]
        right = sum(agree) / max(1, len(agree))
        rights.append(right)
        aparts.append(max(right, 1 - right))
        warnings.update(result.warnings)
    number = len(rights)
    figure("mono.role_accuracy", sum(rights) / number, "share of spoken time", calls=number)
    figure("mono.voices_apart", sum(aparts) / number, "share of spoken time", calls=number)
    figure(
        "mono.calls_with_right_roles", sum(right >= GOOD for right in rights) / number, "share of calls", at_least=GOOD
    )
    figure("mono.roles_swapped", sum(right < 0.5 for right in rights) / number, "share of calls", warned=dict(warnings))


def _mixed(root: Path, truth: dict[str, object]) -> CallAudio:
    path = root / "source" / "calls" / f"{truth['call_id']}.wav"
    samples, rate_hz = soundfile.read(path, dtype="float32")
    mono = root / f"{truth['call_id']}.wav"
    soundfile.write(mono, samples.sum(axis=1), rate_hz, subtype="ULAW", format="WAV")
    return CallAudio(mono, str(truth["call_id"]), (), str(truth["language"]))


def _voices(root: Path, mixed: Path) -> Iterator[str]:
    """Yield whether two voices were found in the mixed call, and one in the agent's channel."""
    alone, rate_hz = soundfile.read(root / "source" / "calls" / mixed.name, dtype="float32")
    both, _ = soundfile.read(mixed, dtype="float32")
    for name, samples in (("two", both), ("one", alone[:, 0])):
        wide = resample_poly(samples, RATE_HZ, rate_hz).astype("float32")
        voices = listen_for_voices()
        if voices is None:
            return
        voices.add(0, wide, find_spans(wide[None], 30.0))
        yield f"{name} as {'one' if voices.separate() is None else 'two'}"


def _compare(truth: dict[str, object], transcript: Transcript) -> Iterator[tuple[str, str]]:
    """Yield (role in the transcript, true role) for every step in which one person speaks and words were heard."""
    turns = truth["turns"]
    assert isinstance(turns, list)
    words = [(word.start_ms, word.end_ms, turn.role) for turn in transcript.turns for word in turn.words]
    for at_ms in range(0, transcript.duration_ms, STEP_MS):
        speaking = {turn["role"] for turn in turns if turn["start_ms"] <= at_ms < turn["end_ms"]}
        heard = [role for start, end, role in words if start <= at_ms < end]
        if len(speaking) == 1 and heard:
            yield heard[0], speaking.pop()


if __name__ == "__main__":
    main()
