"""Scenarios over history, and the log decided again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from hub.errors import Permanent
from hub.records import Decision
from infra.jobs.decisions import decision_pages
from infra.wiring import Hub


def backtest(hub: Hub, file: Path, from_ms: int, to_ms: int) -> Iterator[Decision]:
    """Yield what one scenario file would have decided on the lake's history."""
    from lakehouse.features import feature_specs
    from lakehouse.publishing import events_to_publish
    from rules.backtest import Backtest
    from rules.book import BOOK_FILE, compile_book

    texts = {file.name: file.read_text("utf-8")}
    common = file.parent / BOOK_FILE
    if common.exists():
        texts[BOOK_FILE] = common.read_text("utf-8")
    if to_ms <= from_ms:
        raise Permanent("--to is not after --from.", reason="empty_period")
    book = compile_book(texts, feature_specs())
    yield from Backtest(book).run(events_to_publish(hub.tables, until_ms=to_ms), from_ms=from_ms, to_ms=to_ms)


def compare_replay(hub: Hub) -> dict[str, int]:
    """Decide the log again with the book in force and compare with the decisions on record, byte by byte."""
    from rules.backtest import replay

    encode = msgspec.json.Encoder().encode
    again = {d.decision_id: encode(d) for d in replay(hub.event_log, "events", lambda _partition, _offset: hub.book)}
    recorded = {d.decision_id: encode(d) for _, page in decision_pages(hub) for d in page}
    return {
        "recorded": len(recorded),
        "identical": sum(again.get(i) == document for i, document in recorded.items()),
        "different": sum(i in again and again[i] != document for i, document in recorded.items()),
        "missing": sum(i not in again for i in recorded),
        "new": sum(i not in recorded for i in again),
    }
