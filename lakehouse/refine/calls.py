"""Recordings to transcripts, facts, events, analytics documents and redacted copies.

A transcript goes into the vault under its recording's hash and its model as soon as it is made: a kill loses nothing,
nothing is transcribed twice, and a new reader or redactor starts from the words, not from the sound.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from hub.clock import Clock
from hub.errors import Permanent
from hub.ids import Pseudonymizer, content_id
from hub.ports import CallEditor, CallReader, DeadLetterStore, ObjectStore, Redactor, Transcriber
from hub.records import Call, DeadLetter, Provenance, Transcript
from lakehouse.identity_edges import CALL, EDGES, add_edges
from lakehouse.protecting import protect_rows
from lakehouse.refine.call_editing import analytics_row, edit, superseded_audio
from lakehouse.refine.call_plan import SOURCE, among, calls_to_do, landed_calls
from lakehouse.refine.call_rows import (
    ANALYTICS,
    CALLS,
    EVENTS,
    FACTS,
    TRANSCRIPTS,
    CallRows,
    Person,
    read_call,
    refused_call,
)
from lakehouse.tables import table_named

if TYPE_CHECKING:
    from lakehouse.delta_tables import DeltaTables

OUTPUTS = (TRANSCRIPTS, FACTS, EVENTS, ANALYTICS, EDGES, CALLS)
BATCH_CALLS = 64
EDITED = frozenset({"text", "verbatim", "sentence", "document", "redacted_audio", "customer_key"})
"""Columns that the editor has masked, with the times of what it masked, or ``Person`` made pseudonyms of."""


class Recording(NamedTuple):
    """A recording to transcribe; ``roles`` names its channels in order."""

    path: Path
    call_id: str
    roles: tuple[str, ...]
    language: str | None


TranscribeMany = Callable[[Iterable[Any]], Iterator[Transcript | Permanent]]


class Engine(NamedTuple):
    """What hears recordings: the transcriber, and its way with many calls at once."""

    transcriber: Transcriber
    transcribe_many: TranscribeMany | None


class SpeechTools(NamedTuple):
    """What turns a recording into meaning."""

    transcriber: Transcriber
    reader: CallReader
    redactor: Redactor
    pseudonymizer: Pseudonymizer
    transcribe_many: TranscribeMany | None
    product_types: Mapping[str, str]
    editor: CallEditor | None

    @property
    def version(self) -> str:
        """Return a name that changes whenever the same transcript might be read differently."""
        return self.reader.version if self.editor is None else f"{self.reader.version} {self.editor.version}"

    @property
    def engine(self) -> Engine:
        """Return what hears recordings."""
        return Engine(self.transcriber, self.transcribe_many)


def transcribe_calls(
    tables: DeltaTables, objects: ObjectStore, engine: Engine, *, call_ids: Sequence[str]
) -> dict[str, int]:
    """Put the transcripts of calls into the vault, in this order; those that are there stay. No table is written.

    Any number of workers may do this at once on machines without a driver; ``refine_calls`` then finds the words ready.
    Returns counts of ``transcribed``, ``known`` and ``refused``.
    """
    order = {call_id: place for place, call_id in enumerate(call_ids)}
    calls = landed_calls(tables, call_ids)
    calls.sort(key=lambda call: order[call.call_id])
    known = [call for call in calls if _is_kept(objects, transcript_key(call.content_hash, engine.transcriber.model))]
    results = _transcripts(objects, engine, [call for call in calls if call not in known])
    refused = sum(isinstance(result, Permanent) for result in results)
    return {"transcribed": len(results) - refused, "known": len(known), "refused": refused}


def refine_calls(
    tables: DeltaTables,
    objects: ObjectStore,
    transcriber: Transcriber,
    reader: CallReader,
    redactor: Redactor,
    pseudonymizer: Pseudonymizer,
    dead_letters: DeadLetterStore,
    clock: Clock,
    *,
    call_ids: Sequence[str] | None = None,
    batch_calls: int = BATCH_CALLS,
    transcribe_many: TranscribeMany | None = None,
    product_types: Mapping[str, str] | None = None,
    editor: CallEditor | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> dict[str, int]:
    """Bring calls that this model, reader and editor have not dealt with to silver; returns rows by table and ``refused``.

    A recording that cannot be read becomes a dead letter and is not tried again until ``retry_refused_calls``.

    Args:
        call_ids: only these; all that wait by default.
        transcribe_many: takes ``Recording``s and yields a transcript or a Permanent for each, in order, for engines
            that are faster with many calls at once. Without it the transcriber gets one at a time.
        product_types: what the reader calls a product -> its product type, where it names them more finely.
        editor: writes numbers in digits, masks personal data in text and sound, and makes the analytics document. Without
            it the redactor masks the text, and there is neither a document nor a copy of the recording.
        on_progress: is told (done, all) after each batch.
    """
    tools = SpeechTools(transcriber, reader, redactor, pseudonymizer, transcribe_many, product_types or {}, editor)
    chosen = calls_to_do(tables, transcriber.model, tools.version, call_ids)
    total: Counter[str] = Counter(dict.fromkeys((*OUTPUTS, "refused"), 0))
    for start in range(0, len(chosen), batch_calls):
        batch = chosen[start : start + batch_calls]
        with tables.run("refine.calls", [SOURCE], OUTPUTS) as rows:
            total["refused"] += _refine_batch(tables, objects, tools, dead_letters, clock, batch, rows)
        total.update(rows)
        if on_progress is not None:
            on_progress(start + len(batch), len(chosen))
    return dict(total)


def retry_refused_calls(tables: DeltaTables, call_ids: Sequence[str]) -> int:
    """Let refused calls be tried again, after their dead letters were replayed; returns how many will be."""
    chosen = set(call_ids)
    refused = [row["call_id"] for row in tables.read(CALLS, ["call_id"], "status = 'refused'")]
    again = [call_id for call_id in refused if call_id in chosen]
    tables.remove_rows(CALLS, [{"call_id": call_id} for call_id in again])
    return len(again)


def _refine_batch(
    tables: DeltaTables,
    objects: ObjectStore,
    tools: SpeechTools,
    dead_letters: DeadLetterStore,
    clock: Clock,
    batch: Sequence[Call],
    rows: dict[str, int],
) -> int:
    """Write a batch, the markers in ``silver.calls`` last: a call is done when its marker is there.

    Returns:
        how many were refused.
    """
    transcripts = _transcripts(objects, tools.engine, batch)
    results = [_read(objects, call, result, tools) for call, result in zip(batch, transcripts, strict=True)]
    letters = [_letter(c, r, clock) for c, r in zip(batch, results, strict=True) if isinstance(r, Permanent)]
    if letters:
        dead_letters.add(letters)
    read = [
        _refused(call, result, tools) if isinstance(result, Permanent) else result
        for call, result in zip(batch, results, strict=True)
    ]
    call_ids = [call.call_id for call in batch]
    superseded = superseded_audio(tables, [row for call in read for row in call.rows[ANALYTICS]], call_ids)
    again = _processed_before(tables, call_ids)
    for table in (TRANSCRIPTS, FACTS, EVENTS, ANALYTICS):
        found = [row for call in read for row in call.rows[table]]
        if again:
            rows[table] += _drop_stale(tables, table, again, found)
        rows[table] += tables.merge(table, found)
    edges = [edge for call in read for edge in call.edges]
    if edges:
        rows[EDGES] = add_edges(tables, tables.session().createDataFrame(edges))
    rows[CALLS] = tables.merge(CALLS, [row for call in read for row in call.rows[CALLS]])
    for key in superseded:
        objects.delete(key)
    return len(letters)


def _read(objects: ObjectStore, call: Call, result: Transcript | Permanent, tools: SpeechTools) -> CallRows | Permanent:
    """Return a call's rows or why there are none; only what is redacted leaves this function."""
    if isinstance(result, Permanent):
        return result
    edited = edit(result, tools.editor, tools.redactor)
    facts = tools.reader.facts(edited.transcript, call.started_ms)
    try:
        documents = [analytics_row(objects, tools.editor, call, edited, facts)] if tools.editor else []
    except Permanent as error:
        return error
    versions = (tools.transcriber.model, tools.reader.version, tools.version)
    person = Person.of(call, tools.pseudonymizer)
    made = read_call(call, person, edited.transcript, facts, versions, CALL, tools.product_types, documents)
    return _protected(made, edited.transcript.language, tools)


def _refused(call: Call, error: Permanent, tools: SpeechTools) -> CallRows:
    person = Person.of(call, tools.pseudonymizer)
    made = refused_call(call, person, error.reason, tools.transcriber.model, tools.version)
    return _protected(made, call.language or "", tools)


def _protected(call: CallRows, language: str, tools: SpeechTools) -> CallRows:
    """Return a call's rows with whatever the editor has not masked yet protected as its column declares."""
    rows = {
        table: protect_rows(table, found, tools.pseudonymizer, tools.redactor, language, EDITED)
        for table, found in call.rows.items()
    }
    return call._replace(rows=rows)


def _processed_before(tables: DeltaTables, call_ids: Sequence[str]) -> list[str]:
    chosen = set(call_ids)
    return [row["call_id"] for row in tables.read(CALLS, ["call_id"], among(call_ids)) if row["call_id"] in chosen]


def _drop_stale(tables: DeltaTables, table: str, call_ids: Sequence[str], found: Sequence[dict[str, Any]]) -> int:
    """Remove what an earlier model or reader found in these calls and this one does not."""
    if table == EVENTS:
        known = {row["event_id"] for row in found}
        prefixes = tuple(f"call-{call_id}-" for call_id in call_ids)
        present = [row["event_id"] for row in tables.read(EVENTS, ["event_id"], "channel = 'call'")]
        stale = [{"event_id": name} for name in present if name.startswith(prefixes) and name not in known]
        return tables.remove_rows(EVENTS, stale)
    names = list(table_named(table).identity)
    kept = {tuple(row[name] for name in names) for row in found}
    chosen = set(call_ids)
    present_rows = (row for row in tables.read(table, names, among(call_ids)) if row["call_id"] in chosen)
    return tables.remove_rows(table, [row for row in present_rows if tuple(row[name] for name in names) not in kept])


def _letter(call: Call, error: Permanent, clock: Clock) -> DeadLetter:
    return DeadLetter(
        letter_id=content_id("letter", "calls", "refine", call.content_hash),
        feed="calls",
        stage="refine",
        reason=error.reason,
        message=str(error),
        payload_key=call.object_key,
        provenance=Provenance(dataset=SOURCE, object=call.object_key),
        received_ms=clock.now_ms(),
    )


def transcript_key(content_hash: str, model: str) -> str:
    """Return where the vault keeps the unredacted transcript of a recording by a model."""
    return f"transcripts/{content_hash[:2]}/{content_hash}/{content_id('model', model)[:12]}.json"


def _transcripts(objects: ObjectStore, engine: Engine, batch: Sequence[Call]) -> list[Transcript | Permanent]:
    """Return a transcript or the reason there is none for each call, from the vault where it is known already."""
    results: dict[str, Transcript | Permanent] = {}
    for call in batch:
        kept = _kept_transcript(objects, transcript_key(call.content_hash, engine.transcriber.model))
        if kept is not None:
            results[call.call_id] = msgspec.structs.replace(kept, call_id=call.call_id)
    missing = [call for call in batch if call.call_id not in results]
    for call, result in zip(missing, _transcribe(objects, engine, missing), strict=True):
        if isinstance(result, Transcript):
            key = transcript_key(call.content_hash, engine.transcriber.model)
            objects.put(key, msgspec.json.encode(result), if_absent=True)
        results[call.call_id] = result
    return [results[call.call_id] for call in batch]


def _kept_transcript(objects: ObjectStore, key: str) -> Transcript | None:
    if not _is_kept(objects, key):
        return None
    with objects.open(key) as stream:
        return msgspec.json.decode(stream.read(), type=Transcript)


def _is_kept(objects: ObjectStore, key: str) -> bool:
    return any(info.key == key for info in objects.list(key))


def _transcribe(objects: ObjectStore, engine: Engine, calls: Sequence[Call]) -> Iterator[Transcript | Permanent]:
    if not calls:
        return
    with tempfile.TemporaryDirectory(prefix="hub-calls-") as folder:
        recordings = (_fetch(objects, call, Path(folder)) for call in calls)
        many = engine.transcribe_many or _one_by_one(engine.transcriber)
        yield from many(recordings)


def _one_by_one(transcriber: Transcriber) -> TranscribeMany:
    def transcribe(recordings: Iterable[Recording]) -> Iterator[Transcript | Permanent]:
        for item in recordings:
            try:
                yield transcriber.transcribe(item.path, call_id=item.call_id, roles=item.roles, language=item.language)
            except Permanent as error:
                yield error
            item.path.unlink(missing_ok=True)

    return transcribe


def _fetch(objects: ObjectStore, call: Call, folder: Path) -> Recording:
    path = folder / f"{call.content_hash}{Path(call.object_key).suffix or '.wav'}"
    with objects.open(call.object_key) as source, path.open("wb") as target:
        shutil.copyfileobj(source, target)
    return Recording(path, call.call_id, call.channel_roles, call.language)
