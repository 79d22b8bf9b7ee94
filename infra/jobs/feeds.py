"""Feeds: land what sources delivered, refine it to silver. Each step may be run any number of times."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hub.errors import Permanent
from infra.jobs.record import Counts, recorded
from infra.wiring import Hub, current_hub

BATCH_CALLS = 40
MOST_BATCHES = 500
"""Airflow maps at most 1,024 tasks at once; the next run goes on."""


@recorded("master.land")
def land_master(source: str = "") -> Counts:
    """Land master data files."""
    from ingest.landing import land_master as land

    return _land("master", source, land)


@recorded("memos.land")
def land_memos(source: str = "") -> Counts:
    """Land transaction files."""
    from ingest.landing import land_memos as land

    return _land("memos", source, land)


@recorded("logs.land")
def land_logs(source: str = "", log_format: str = "") -> Counts:
    """Land web, app and business-system logs."""
    from ingest.landing import land_logs as land

    return _land("logs", source, land, log_format=log_format or "auto")


@recorded("calls.land")
def land_calls(source: str = "", *, is_scheduled: bool = False) -> Counts:
    """Land recordings and their sidecars; a scheduled run leaves those alone that may still be copied."""
    from ingest.landing import land_calls as land

    settle_s = current_hub().settings.speech.settle_s if is_scheduled else 0.0
    return _land("calls", source, land, settle_s=settle_s)


@recorded("logs.land_collected")
def land_collected() -> Counts:
    """Land what the collector took in since the last time."""
    from ingest.collected import land_collected as land

    hub = current_hub()
    catalog = hub.catalog
    report = land(
        hub.event_log,
        hub.tables,
        catalog.state,
        dead_letters=catalog.dead_letters,
        objects=hub.objects,
        clock=hub.clock,
    )
    return _counts(report)


@recorded("master.refine")
def refine_master() -> Counts:
    """Bring master data to silver: customers, holdings, products, consents, identity edges."""
    from lakehouse.refine import refine_master as refine

    hub = current_hub()
    return dict(refine(hub.tables, hub.pseudonyms))


@recorded("memos.refine")
def refine_memos() -> Counts:
    """Parse memos that were not parsed by this version of the parser."""
    from lakehouse.refine import refine_memos as refine

    hub = current_hub()
    return dict(refine(hub.tables, hub.memo_parser, hub.pseudonyms, redactor=hub.redactor))


@recorded("logs.refine")
def refine_logs() -> Counts:
    """Bring log lines to silver events and identity edges."""
    from lakehouse.refine import refine_logs as refine

    hub = current_hub()
    return dict(refine(hub.tables, hub.pseudonyms))


def plan_calls(batch: int = BATCH_CALLS) -> list[list[str]]:
    """Return batches of the calls to do: the fresh ones, then older ones, then those that another version has read."""
    fresh = plan_fresh_calls(batch)
    return fresh + plan_old_calls(batch, fresh)


def plan_fresh_calls(batch: int = BATCH_CALLS) -> list[list[str]]:
    """Return batches of the calls of the last hours (``HUB_SPEECH__FRESH_HOURS``), oldest first, so that none waits long."""
    hub = current_hub()
    since_ms = hub.clock.now_ms() - round(hub.settings.speech.fresh_hours * 3_600_000)
    return fresh_batches(_waiting(hub), since_ms, batch)


def plan_old_calls(batch: int = BATCH_CALLS, planned: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    """Return batches of the calls that are not planned already, newest first: of old calls those are worth most.

    Behind them come the calls that another version of the reader, the editor or the categories has dealt with: they are
    read again from the words in the vault.
    """
    from lakehouse.refine import outdated_calls

    hub = current_hub()
    version = f"{hub.call_reader.version} {hub.call_editor.version}"
    return old_batches(_waiting(hub), batch, planned, outdated_calls(hub.tables, hub.transcriber.model, version))


def fresh_batches(waiting: Sequence[tuple[str, int]], since_ms: int, batch: int) -> list[list[str]]:
    """Return batches of the calls, given as (id, start) by start, that began since a time."""
    return _batches([call_id for call_id, started_ms in waiting if started_ms >= since_ms], batch)


def old_batches(
    waiting: Sequence[tuple[str, int]],
    batch: int,
    planned: Sequence[Sequence[str]] = (),
    outdated: Sequence[tuple[str, int]] = (),
) -> list[list[str]]:
    """Return batches of the calls that are in no planned batch, newest first; the outdated ones behind all others."""
    known = {call_id for calls in planned for call_id in calls}
    wanted = (call_id for call_id, _ in (*reversed(waiting), *reversed(outdated)))
    return _batches([call_id for call_id in wanted if call_id not in known], batch)


def backfill_until_ms() -> int:
    """Return when a scheduled run that starts now stops beginning batches of old calls, so that the next finds new ones."""
    hub = current_hub()
    return hub.clock.now_ms() + round(hub.settings.speech.backfill_minutes * 60_000)


@recorded("calls.transcribe")
def transcribe_calls(call_ids: list[str], not_after_ms: int = 0) -> Counts:
    """Put the transcripts of calls into the vault; a call that has one is not heard again.

    Args:
        call_ids: a batch.
        not_after_ms: leave the batch to a later run when it is later than this; 0: never.
    """
    from infra.jobs.listening import listen
    from lakehouse.refine import Engine
    from lakehouse.refine import transcribe_calls as transcribe

    hub = current_hub()
    if not_after_ms and hub.clock.now_ms() > not_after_ms:
        return {"left": len(call_ids)}
    engine = Engine(hub.transcriber, listen(hub))
    return dict(transcribe(hub.tables, hub.objects, engine, call_ids=call_ids))


@recorded("calls.refine")
def refine_calls(call_ids: list[str]) -> Counts:
    """Redact and read calls; those without a transcript in the vault are transcribed first."""
    from infra.jobs.listening import listen
    from lakehouse.refine import refine_calls as refine

    hub = current_hub()
    return dict(
        refine(
            hub.tables,
            hub.objects,
            hub.transcriber,
            hub.call_reader,
            hub.redactor,
            hub.pseudonyms,
            hub.catalog.dead_letters,
            hub.clock,
            call_ids=call_ids,
            transcribe_many=listen(hub),
            editor=hub.call_editor,
        )
    )


def _waiting(hub: Hub) -> list[tuple[str, int]]:
    from lakehouse.refine import waiting_calls

    return waiting_calls(hub.tables, hub.transcriber.model)


def _batches(call_ids: list[str], size: int) -> list[list[str]]:
    batches = [call_ids[start : start + size] for start in range(0, len(call_ids), size)]
    return batches[:MOST_BATCHES]


def _land(feed: str, source: str, land: Callable[..., Any], **options: Any) -> Counts:  # noqa: ANN401 - passed through
    hub = current_hub()
    report = land(
        _place(hub, feed, source),
        objects=hub.objects,
        tables=hub.tables,
        dead_letters=hub.catalog.dead_letters,
        clock=hub.clock,
        offset_hours=hub.settings.timezone_offset_hours,
        **options,
    )
    return _counts(report)


def _place(hub: Hub, feed: str, source: str) -> Path:
    place = Path(source) if source else hub.source(feed)
    if not place.exists():
        raise Permanent(f"There is no {place}; name the source of the {feed} feed.", reason="missing_source")
    return place


def _counts(report: Any) -> Counts:  # noqa: ANN401 - a LandingReport
    return {
        "accepted": report.accepted,
        "duplicates": report.duplicates,
        "refused": report.refused,
        "objects": report.objects,
    }
