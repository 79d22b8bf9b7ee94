"""Dead letters, replayed through today's formats."""

from __future__ import annotations

from collections.abc import Sequence

from hub.records import LetterStatus
from infra.wiring import Hub


def replay(hub: Hub, letter_ids: Sequence[str] | None = None) -> dict[str, int]:
    """Give letters another chance: those named, or all open ones. A recording goes back to the queue of its feed."""
    from ingest.replay import Replay
    from lakehouse.refine import retry_refused_calls

    store = hub.catalog.dead_letters
    letters = (
        [store.get(i) for i in letter_ids] if letter_ids else store.list(status=LetterStatus.OPEN, limit=1_000_000)
    )
    recordings = [x for x in letters if x.feed == "calls" and x.stage != "landing"]
    retried = retry_refused_calls(hub.tables, [x.provenance.object for x in recordings]) if recordings else 0
    again = Replay(
        objects=hub.objects,
        tables=hub.tables,
        dead_letters=store,
        clock=hub.clock,
        collector=hub.collector,
        offset_hours=hub.settings.timezone_offset_hours,
    )
    report = again.replay([x for x in letters if x not in recordings])
    return {"accepted": report.accepted, "duplicates": report.duplicates, "refused": report.refused, "queued": retried}
