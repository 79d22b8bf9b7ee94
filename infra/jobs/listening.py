"""Hear recordings and put what a person should listen to into the review queue: unsure turns, and all that was dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import tee
from typing import Any

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import ReviewItem, Transcript, Turn
from infra.wiring import Hub

LOW_CONFIDENCE = "low_confidence"
MOST_OF_A_CALL = 20
SHARES = 10_000

TranscribeMany = Callable[[Iterable[Any]], Iterator[Transcript | Permanent]]


def listen(hub: Hub) -> TranscribeMany | None:
    """Return the transcriber's way with many calls, reviews included; None for one that takes calls one by one."""
    many = getattr(hub.transcriber, "recognize_many", None)
    if many is None:
        return getattr(hub.transcriber, "transcribe_many", None)

    def transcribe(recordings: Iterable[Any]) -> Iterator[Transcript | Permanent]:
        asked, told = tee(recordings)
        for recording, result in zip(told, many(asked), strict=True):
            if isinstance(result, Permanent):
                yield result
                continue
            # Before the transcript is kept: a kill in between asks for the same reviews again, and each is there once.
            hub.catalog.reviews.add(list(_reviews(hub, recording.call_id, result)))
            yield result.transcript

    return transcribe


def _reviews(hub: Hub, call_id: str, recognition: Any) -> Iterator[ReviewItem]:  # noqa: ANN401 - the engine's own record
    language = recognition.transcript.language
    for text in recognition.dropped[:MOST_OF_A_CALL]:
        yield _item(hub, call_id, text.reason, text, language, 0.0)
    speech = hub.settings.speech
    if not is_sampled(call_id, speech.review_percent):
        return
    unsure = sorted((t for t in recognition.transcript.turns if t.confidence < speech.review_below), key=_confidence)
    for turn in unsure[:MOST_OF_A_CALL]:
        yield _item(hub, call_id, LOW_CONFIDENCE, turn, language, turn.confidence)


def is_sampled(call_id: str, percent: float) -> bool:
    """Say whether a call is in the sample; the same calls every time."""
    return int(content_id("review", call_id)[:8], 16) % SHARES < percent * SHARES / 100


def _confidence(turn: Turn) -> float:
    return turn.confidence


def _item(hub: Hub, call_id: str, reason: str, said: Any, language: str, confidence: float) -> ReviewItem:  # noqa: ANN401 - a turn or dropped text
    model = hub.transcriber.model
    return ReviewItem(
        review_id=content_id("review", call_id, model, reason, said.role, said.start_ms),
        call_id=call_id,
        reason=reason,
        role=said.role,
        text=hub.redactor.redact(said.text, language),
        start_ms=said.start_ms,
        end_ms=said.end_ms,
        confidence=round(confidence, 4),
        model=model,
        created_ms=hub.clock.now_ms(),
    )
