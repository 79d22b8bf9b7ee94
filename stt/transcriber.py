"""Whisper behind the hub's Transcriber port: stereo calls in, turns by role out, many calls in one batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hub.records import Transcript
from stt.audio import BadAudio, Channels, decode_call
from stt.gates import Dropped
from stt.models import ModelChoice, choose, load
from stt.recognition import Listening, Recognizer
from stt.speech_spans import Span, find_spans
from stt.words import build_turns

BATCH_AUDIO_S = 1_200
"""Calls are gathered up to this much audio (all channels) before they are decoded together; it bounds memory."""
UNKNOWN_ROLE = "UNKNOWN"
UNSURE_LANGUAGE = 0.6


@dataclass(frozen=True, slots=True)
class CallAudio:
    """A recording to transcribe. ``roles`` names its channels in order."""

    path: Path
    call_id: str
    roles: tuple[str, ...] = ("AGENT", "CUSTOMER")
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """A transcript, and the text that the gates kept out of it."""

    transcript: Transcript
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True, slots=True)
class _Decoded:
    call: CallAudio
    channels: Channels
    spans: tuple[Span, ...]


class WhisperTranscriber:
    """Adapter of ``hub.ports.Transcriber`` on faster-whisper.

    The demo model, a published model's name and a directory go through the same code. The model
    is loaded on first use, once per process, whoever asks for it.

    Args:
        model: ``demo``, a Whisper name such as ``large-v3``, or a directory with a converted model.
        device: ``auto``, ``cpu`` or ``cuda``.
        compute_type: CTranslate2's; ``auto`` is int8 on CPU and float16 on GPU.
        threads: CPU threads of the model.
        beam_size: beam width.
        batch_size: windows decoded together.
        demo_model_dir: where ``demo`` is; by default the one in this package.
    """

    def __init__(
        self,
        model: str = "demo",
        *,
        device: str = "auto",
        compute_type: str = "auto",
        threads: int = 2,
        beam_size: int = 5,
        batch_size: int = 8,
        demo_model_dir: Path | None = None,
    ) -> None:
        self._choice: ModelChoice = choose(
            model, device=device, compute_type=compute_type, threads=threads, demo_model_dir=demo_model_dir
        )
        self._beam_size = beam_size
        self._batch_size = batch_size

    @property
    def model(self) -> str:
        """Name of the model with a fingerprint of its weights, as transcripts cite it."""
        return self._choice.label

    def transcribe(self, path: Path, *, call_id: str, roles: Sequence[str], language: str | None = None) -> Transcript:
        """Transcribe every channel; ``roles`` names the channels in order (AGENT, CUSTOMER).

        Raises:
            BadAudio: the recording cannot be read. Permanent.
            Misconfigured: the model does not load.
        """
        result = next(iter(self.transcribe_many([CallAudio(path, call_id, tuple(roles), language)])))
        if isinstance(result, BadAudio):
            raise result
        return result

    def transcribe_many(self, calls: Iterable[CallAudio]) -> Iterator[Transcript | BadAudio]:
        """Yield, in order, each call's transcript or why it could not be read.

        Calls share batches, so many short calls cost little more than their speech.
        """
        for result in self.recognize_many(calls):
            yield result if isinstance(result, BadAudio) else result.transcript

    def recognize_many(self, calls: Iterable[CallAudio]) -> Iterator[Recognition | BadAudio]:
        """Like ``transcribe_many``, with the text that was dropped."""
        group: list[_Decoded | BadAudio] = []
        seconds = 0.0
        for call in calls:
            item = self._decode(call)
            group.append(item)
            if isinstance(item, _Decoded):
                seconds += item.channels.duration_ms * item.channels.count / 1_000
            if seconds >= BATCH_AUDIO_S:
                yield from self._recognize_group(group)
                group, seconds = [], 0.0
        yield from self._recognize_group(group)

    def _recognizer(self) -> Recognizer:
        return Recognizer(load(self._choice), self._beam_size, self._batch_size)

    def _decode(self, call: CallAudio) -> _Decoded | BadAudio:
        try:
            channels = decode_call(call.path)
        except BadAudio as error:
            return error
        return _Decoded(call, channels, tuple(find_spans(channels, self._recognizer().window_s)))

    def _recognize_group(self, group: Sequence[_Decoded | BadAudio]) -> Iterator[Recognition | BadAudio]:
        decoded = [item for item in group if isinstance(item, _Decoded)]
        recognizer = self._recognizer() if decoded else None
        languages = [_language(item, recognizer) for item in decoded] if recognizer else []
        results: dict[int, Recognition] = {}
        for language in sorted({name for name, _ in languages}):
            members = [index for index, (name, _) in enumerate(languages) if name == language]
            spans = [(place, span) for place, index in enumerate(members) for span in decoded[index].spans]
            waveforms = [decoded[index].channels.samples for index in members]
            heard = recognizer.recognize(spans, waveforms, language) if recognizer else Listening()
            for place, index in enumerate(members):
                results[id(decoded[index])] = self._recognition(decoded[index], place, languages[index], heard)
        for item in group:
            yield results[id(item)] if isinstance(item, _Decoded) else item

    def _recognition(self, item: _Decoded, place: int, language: tuple[str, float], heard: Listening) -> Recognition:
        roles = name_channels(item.channels.count, item.call.roles)
        words = [(role, heard.words.get((place, channel), [])) for channel, role in enumerate(roles)]
        dropped = tuple(
            replace(text, role=role)
            for channel, role in enumerate(roles)
            for text in heard.dropped.get((place, channel), [])
        )
        transcript = Transcript(
            call_id=item.call.call_id,
            language=language[0],
            duration_ms=item.channels.duration_ms,
            model=self.model,
            turns=build_turns(words, language[0]),
            warnings=_warnings(item, roles, language[1], dropped),
        )
        return Recognition(transcript, dropped)


def name_channels(count: int, roles: Sequence[str]) -> tuple[str, ...]:
    """Return one role per channel: a mono recording of two people is ``UNKNOWN``, a third channel ``CHANNEL_3``."""
    if count == 1 and len(roles) != 1:
        return (UNKNOWN_ROLE,)
    return tuple(roles[:count]) + tuple(f"CHANNEL_{number}" for number in range(len(roles) + 1, count + 1))


def _language(item: _Decoded, recognizer: Recognizer) -> tuple[str, float]:
    if item.call.language:
        return item.call.language, 1.0
    if not item.spans:
        return "und", 1.0
    return recognizer.detect_language(item.spans, item.channels.samples)


def _warnings(
    item: _Decoded, roles: Sequence[str], language_probability: float, dropped: Sequence[Dropped]
) -> tuple[str, ...]:
    speaking = {span.channel for span in item.spans}
    warnings = list(item.channels.warnings)
    if roles == (UNKNOWN_ROLE,):
        warnings.append("speakers_not_separated")
    warnings += [f"no_speech:{role}" for channel, role in enumerate(roles) if channel not in speaking]
    if language_probability < UNSURE_LANGUAGE:
        warnings.append("language_uncertain")
    warnings += [f"dropped_{reason}:{count}" for reason, count in sorted(Counter(d.reason for d in dropped).items())]
    return tuple(warnings)
