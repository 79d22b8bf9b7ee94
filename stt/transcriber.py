"""Whisper behind the hub's Transcriber port: calls in, turns by role out, block by block, many calls in one batch."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from hub.records import Transcript
from stt.audio import BadAudio
from stt.blocks import BLOCK_S, Block, CallBlocks
from stt.diarisation.voices import listen_for_voices
from stt.hearing import UNKNOWN_LANGUAGE, Hearing, Recognition
from stt.hearing import CallAudio as CallAudio
from stt.models import ModelChoice, choose, load
from stt.recognition import Recognizer
from stt.vocabulary import DEFAULT_HINTS, Hints

BATCH_AUDIO_S = 1_200
"""Blocks are gathered up to this much audio (all channels) before they are decoded together; it bounds memory."""


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
        block_s: longer calls are heard in blocks of this length, cut in pauses; it bounds memory.
        separate_speakers: tell two people on one channel apart, where the extra ``diarisation`` is installed.
        hints: the bank's own words (``stt.vocabulary``).
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
        block_s: float = BLOCK_S,
        separate_speakers: bool = True,
        hints: Hints = DEFAULT_HINTS,
        demo_model_dir: Path | None = None,
    ) -> None:
        self._choice: ModelChoice = choose(
            model, device=device, compute_type=compute_type, threads=threads, demo_model_dir=demo_model_dir
        )
        self._beam_size = beam_size
        self._batch_size = batch_size
        self._block_s = block_s
        self._separate_speakers = separate_speakers
        self._hints = hints

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
        batch = _Batch(self._recognizer, self._hints)
        waiting: deque[Hearing | BadAudio] = deque()
        for call in calls:
            try:
                blocks = CallBlocks(call.path, self._recognizer().window_s, self._block_s)
                hearing = Hearing(call, blocks.survey)
                if self._separate_speakers and hearing.lone_channel is not None:
                    hearing.voices = listen_for_voices()
                waiting.append(hearing)
                for block in blocks:
                    batch.add(hearing, block)
            except BadAudio as error:
                if waiting and isinstance(waiting[-1], Hearing) and waiting[-1].call is call:
                    waiting.pop()
                waiting.append(error)
            if batch.is_empty:
                yield from self._finished(waiting)
        batch.listen()
        yield from self._finished(waiting)

    def _recognizer(self) -> Recognizer:
        return Recognizer(load(self._choice), self._beam_size, self._batch_size)

    def _finished(self, waiting: deque[Hearing | BadAudio]) -> Iterator[Recognition | BadAudio]:
        while waiting:
            item = waiting.popleft()
            yield item.recognition(self.model) if isinstance(item, Hearing) else item


class _Batch:
    """Blocks of one or many calls that are recognised together."""

    def __init__(self, recognizer: Callable[[], Recognizer], hints: Hints) -> None:
        self._recognizer = recognizer
        self._hints = hints
        self._blocks: list[tuple[Hearing, Block]] = []
        self._audio_s = 0.0

    @property
    def is_empty(self) -> bool:
        """Say whether nothing waits to be recognised."""
        return not self._blocks

    def add(self, hearing: Hearing, block: Block) -> None:
        """Take a block; a full batch is recognised at once."""
        hearing.take(block)
        self._blocks.append((hearing, block))
        self._audio_s += block.audio_s
        if self._audio_s >= BATCH_AUDIO_S:
            self.listen()

    def listen(self) -> None:
        """Recognise what has been gathered and hand it to its calls."""
        blocks = [(hearing, block) for hearing, block in self._blocks if block.spans]
        self._blocks, self._audio_s = [], 0.0
        if not blocks:
            return
        recognizer = self._recognizer()
        for hearing, block in blocks:
            _find_language(hearing, block, recognizer)
        for language in sorted({hearing.language or UNKNOWN_LANGUAGE for hearing, _ in blocks}):
            members = [(hearing, block) for hearing, block in blocks if hearing.language == language]
            spans = [(place, span) for place, (_, block) in enumerate(members) for span in block.spans]
            heard = recognizer.recognize(spans, [block.samples for _, block in members], language, self._hints)
            for place, (hearing, block) in enumerate(members):
                for channel in range(len(block.samples)):
                    key = (place, channel)
                    hearing.hear(block, channel, heard.words.get(key, ()), heard.dropped.get(key, ()))


def _find_language(hearing: Hearing, block: Block, recognizer: Recognizer) -> None:
    """Settle a call's language: the one it was given, if the model knows it, else the one its first speech is in."""
    if hearing.language is not None:
        return
    said = hearing.call.language
    if said and said in recognizer.model.supported_languages:
        hearing.language = said
        return
    if said:
        hearing.notes.append(f"language_unknown:{said}")
    hearing.language, hearing.language_probability = recognizer.detect_language(block.spans, block.samples)
