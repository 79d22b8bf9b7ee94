"""A transcript becomes what may leave the vault: redacted text, its analytics document, a redacted copy of the recording."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from hub.ids import content_id
from hub.ports import CallEditor, ObjectStore, Redactor
from hub.records import Call, CallFact, RedactedCall, Transcript
from lakehouse.refine.call_plan import among
from lakehouse.refine.call_rows import ANALYTICS, Row

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

REDACTED = "redacted/calls"
"""Outside the vault: whoever may hear redacted calls is given this prefix and no other."""


def edit(transcript: Transcript, editor: CallEditor | None, redactor: Redactor) -> RedactedCall:
    """Return the transcript without personal data; without an editor its words and times are left out."""
    if editor is not None:
        return editor.edit(transcript)
    turns = tuple(
        msgspec.structs.replace(
            turn,
            text=redactor.redact(turn.text, transcript.language),
            verbatim=redactor.redact(turn.verbatim, transcript.language),
            words=(),
        )
        for turn in transcript.turns
    )
    return RedactedCall(transcript=msgspec.structs.replace(transcript, turns=turns), silences=())


def analytics_row(
    objects: ObjectStore, editor: CallEditor, call: Call, edited: RedactedCall, facts: Sequence[CallFact]
) -> Row:
    """Return the row of ``silver.call_analytics``, once the redacted recording is in the object store."""
    document = editor.document(edited, facts)
    return {
        "call_id": call.call_id,
        "document": document,
        "categories": document["Categories"]["MatchedCategories"],
        "redactions": len(edited.silences),
        "redacted_audio": _redacted_audio(objects, editor, call, edited),
        "model": edited.transcript.model,
        "editor_version": editor.version,
        "content_hash": call.content_hash,
        "started_ms": call.started_ms,
    }


def _redacted_audio(objects: ObjectStore, editor: CallEditor, call: Call, edited: RedactedCall) -> str:
    """Return the key of the redacted copy; one that was made of the same recording in the same way is left as it is."""
    how = content_id(editor.version, msgspec.json.encode(edited.silences), *call.channel_roles)
    prefix = f"{REDACTED}/{call.content_hash[:2]}/{call.content_hash}/{how}"
    known = next((info.key for info in objects.list(prefix)), None)
    if known is not None:
        return known
    with tempfile.TemporaryDirectory(prefix="hub-redact-") as name:
        folder = Path(name)
        recording = folder / f"{call.content_hash}{Path(call.object_key).suffix or '.wav'}"
        with objects.open(call.object_key) as source, recording.open("wb") as target:
            shutil.copyfileobj(source, target)
        copy = editor.silence(recording, folder, edited, call.channel_roles)
        key = f"{prefix}{copy.suffix}"
        objects.put(key, copy, if_absent=True)
    return key


def superseded_audio(tables: DeltaTables, rows: Sequence[Mapping[str, Any]], call_ids: Sequence[str]) -> list[str]:
    """Return the redacted copies that only earlier rows of these calls name; an older model may have missed something."""
    chosen, columns = set(call_ids), ["call_id", "redacted_audio"]
    before = tables.read(ANALYTICS, columns, among(call_ids))
    earlier = {row["redacted_audio"] for row in before if row["call_id"] in chosen} - {None}
    earlier -= {row["redacted_audio"] for row in rows}
    if not earlier:
        return []
    others = tables.read(ANALYTICS, columns, among(earlier, "redacted_audio"))
    return sorted(earlier - {row["redacted_audio"] for row in others if row["call_id"] not in chosen})
