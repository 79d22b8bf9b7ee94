"""Memory of a long call: ten minutes against four hours, each transcribed in a process of its own.

The recording repeats a demo conversation of half a minute with long silences between, as a call on hold has them, so
that recognition is real and the measurement still affordable. ``BENCH_MINUTES`` sets the lengths, ``BENCH_EVERY_S`` how
often the conversation starts, ``BENCH_MODEL`` the model.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.machine import figure
from demo.bank import generate
from stt.transcriber import WhisperTranscriber

MINUTES = tuple(int(part) for part in os.environ.get("BENCH_MINUTES", "10,240").split(","))
MODEL = os.environ.get("BENCH_MODEL", "demo")
SPEECH_EVERY_S = int(os.environ.get("BENCH_EVERY_S", "900"))
RATE_HZ = 8_000


def main() -> None:
    """Measure each length in a process of its own."""
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        speech = _conversation(Path(folder))
        for minutes in MINUTES:
            for channels in (2, 1):
                path = Path(folder) / f"{minutes}-{channels}.wav"
                _write(path, speech, minutes, channels)
                run = subprocess.run(
                    [sys.executable, "-m", "benchmarks.long_calls", str(path)],
                    capture_output=True,
                    text=True,
                    check=True,
                )
                found = json.loads(run.stdout)
                path.unlink()
                peaks[minutes, channels] = found["peak_mb"]
                kind = "stereo" if channels == 2 else "mono"
                figure(f"long_call.{minutes}min.{kind}.peak_rss", found.pop("peak_mb"), "MB", model=MODEL, **found)
    for channels, kind in ((2, "stereo"), (1, "mono")):
        growth = peaks[MINUTES[-1], channels] - peaks[MINUTES[0], channels]
        figure(f"long_call.{kind}.growth", growth, "MB", minutes=MINUTES)


def transcribe(path: Path) -> None:
    """Transcribe one recording and print what it took."""
    started = time.perf_counter()
    transcript = WhisperTranscriber(MODEL, threads=1).transcribe(path, call_id="long", roles=(), language="ko")
    print(
        json.dumps(
            {
                "peak_mb": _peak_mb(),
                "seconds": round(time.perf_counter() - started, 1),
                "turns": len(transcript.turns),
                "duration_ms": transcript.duration_ms,
                "warnings": list(transcript.warnings),
            }
        )
    )


def _peak_mb() -> float:
    """Return what this program weighed at most; ru_maxrss would begin at what its parent weighs."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    return round(int(found[1]) / 1_024, 1) if found else 0.0


def _conversation(folder: Path) -> np.ndarray:
    generate(folder / "source", folder / "truth", customers=10, days=10, seed=3, calls=1)
    samples, _ = soundfile.read(next((folder / "source" / "calls").glob("CALL0*.wav")), dtype="float32")
    return np.asarray(samples)


def _write(path: Path, speech: np.ndarray, minutes: int, channels: int) -> None:
    """Write minute by minute; the conversation starts every quarter of an hour, faint noise in between."""
    noise = np.random.default_rng(1).standard_normal((60 * RATE_HZ, 2)).astype(np.float32) * 1e-3
    with soundfile.SoundFile(path, "w", RATE_HZ, channels, subtype="ULAW", format="WAV") as out:
        for minute in range(minutes):
            piece = noise.copy()
            if minute * 60 % SPEECH_EVERY_S == 0:
                piece[: len(speech)] += speech[: len(piece)]
            out.write(piece if channels == 2 else piece.sum(axis=1))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        transcribe(Path(sys.argv[1]))
    else:
        main()
