"""Labelled calls that a model has never heard: unseen sentences, unseen voices, a telephone line.

``hub stt eval DIR`` scores them; the model card's figures come from here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import butter, resample_poly, sosfilt

from hub.records import Properties
from stt.audio import RATE_HZ
from stt.training.corpus import HELD_OUT_VOICES, SentenceLike, Speak

TELEPHONE_HZ = 8_000
_ROLES = ("AGENT", "CUSTOMER")
_BAND_HZ = (300, 3_400)
_LEVEL = 0.08
_TURNS = 8
_LEAD_S = 0.6

Samples = npt.NDArray[np.float32]


def write_held_out_calls(
    sentences: Mapping[str, Iterator[SentenceLike]],
    speak: Speak,
    directory: Path,
    *,
    calls: int,
    seed: int,
    snr_db: float | None = None,
    seen: Collection[str] = (),
    voices: Mapping[str, Sequence[str]] = HELD_OUT_VOICES,
) -> Path:
    """Write stereo 8 kHz mu-law calls, each with ``<call>.json`` that holds language, roles and turns.

    Args:
        sentences: by language; as many as are needed are taken.
        speak: the voice.
        directory: where the calls go.
        calls: how many for each language.
        seed: of voices, pauses and noise.
        snr_db: level of speech over white line noise; None for a clean line.
        seen: texts that training has used, which are skipped.
        voices: names of voices by language; the two speakers of a call have different ones.
    """
    directory.mkdir(parents=True, exist_ok=True)
    known = set(seen)
    for language in sorted(sentences):
        random = Random(f"{seed}:{language}:held-out")
        for number in range(calls):
            lines = [_unseen(sentences[language], known) for _ in range(_TURNS)]
            pair = random.sample(list(voices[language]), 2)
            channels, turns = _converse(lines, speak, pair, random)
            name = f"{language}-{number:03d}"
            _write_wav(directory / f"{name}.wav", [_line(channel, snr_db, random) for channel in channels])
            truth = {"call_id": name, "language": language, "channel_roles": list(_ROLES), "turns": turns}
            (directory / f"{name}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), encoding="utf-8")
    return directory


def _unseen(sentences: Iterator[SentenceLike], known: set[str]) -> SentenceLike:
    for sentence in sentences:
        text = " ".join(unit[0] for unit in sentence.units)
        if text not in known:
            known.add(text)
            return sentence
    raise ValueError("the sentences ran out before the calls were full")


def _converse(
    lines: Sequence[SentenceLike], speak: Speak, voices: Sequence[str], random: Random
) -> tuple[list[Samples], list[Properties]]:
    """Let two voices speak in turn; return a waveform per speaker and the turns."""
    at_s, spoken, turns = _LEAD_S, [], []
    for number, sentence in enumerate(lines):
        who = number % 2
        spoken_text = " ".join(unit[1] for unit in sentence.units)
        rate, pitch = random.randrange(145, 200), random.randrange(30, 70)
        speech = speak(spoken_text, voices[who], rate, pitch, pitch_range=random.randrange(30, 70), rate_hz=RATE_HZ)
        spoken.append((who, int(at_s * RATE_HZ), speech.pcm))
        end_s = at_s + len(speech.pcm) / RATE_HZ
        turns.append(_turn(_ROLES[who], at_s, end_s, sentence, spoken_text))
        at_s = end_s + random.uniform(0.35, 1.2)
    channels = [np.zeros(int((at_s + _LEAD_S) * RATE_HZ), np.float32) for _ in _ROLES]
    for who, start, pcm in spoken:
        level = float(np.sqrt(np.mean(pcm**2))) + 1e-9
        channels[who][start : start + len(pcm)] += pcm * (_LEVEL / level)
    return channels, turns


def _turn(role: str, start_s: float, end_s: float, sentence: SentenceLike, spoken: str) -> dict[str, Any]:
    return {
        "role": role,
        "start_ms": round(start_s * 1_000),
        "end_ms": round(end_s * 1_000),
        "text": " ".join(unit[0] for unit in sentence.units),
        "spoken": spoken,
    }


def _line(channel: Samples, snr_db: float | None, random: Random) -> Samples:
    """Add noise and send a channel through a telephone's band at 8 kHz."""
    gain = 0.0 if snr_db is None else _LEVEL * 10 ** (-snr_db / 20)
    noise = np.random.default_rng(random.getrandbits(32)).standard_normal(len(channel))
    narrow = resample_poly(channel + noise * gain, TELEPHONE_HZ, RATE_HZ)
    band = butter(4, _BAND_HZ, "band", fs=TELEPHONE_HZ, output="sos")
    return np.asarray(sosfilt(band, narrow), dtype=np.float32)


def _write_wav(path: Path, channels: Sequence[Samples]) -> None:
    length = max(len(channel) for channel in channels)
    frames = np.stack([np.pad(channel, (0, length - len(channel))) for channel in channels], axis=1)
    soundfile.write(path, np.clip(frames, -1.0, 1.0), TELEPHONE_HZ, subtype="ULAW", format="WAV")
