"""Landing calls: a recording and its sidecar become one row of ``bronze.calls``; whatever does not fit, a dead letter.

What is said of a recording is gathered first, so that a delivery that contradicts itself is seen before it is believed:

- one recording, two sidecars that disagree: neither is believed (``contradictory_sidecars``);
- one call id, two recordings: the first in order of their paths lands, the others are refused (``duplicate_call_id``);
- the same bytes under two call ids: likewise (``duplicate_recording``);
- a later delivery of a known call changes it; its earlier recording stays in the vault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hub.clock import DAY_MS, Clock
from hub.errors import Permanent, Transient
from hub.ids import content_id
from hub.ports import DeadLetterStore, ObjectStore, Tables
from hub.records import Call, DeadLetter, LetterStatus, Provenance
from ingest.call_delivery import Delivery, Recordings, Stranger, shown, sort_out
from ingest.dead_letters import LANDING, letter_of_object
from ingest.feeds import check_encoding
from ingest.formats.call_sidecar import MAX_SIDECAR_BYTES, Sidecar, find_encoding, parse, read_manifest
from ingest.formats.source import Refused, Source
from ingest.recordings import RecordingHeader, read_header
from ingest.report import LandingReport
from ingest.seen_files import SeenFiles
from ingest.vault import Landed, landed_key, put_note, raw_key, read_note, recording_key, refused_key

FEED = "calls"
TABLE = "bronze.calls"
BATCH_CALLS = 1_000
CLOCKS_DIFFER_MS = DAY_MS
"""A call may start this much later than now: recorders' clocks and time zones are not ours."""
_WAITING = ("missing_sidecar", "missing_recording", "contradictory_sidecars", "unreadable_file")
"""Reasons that a later delivery settles by itself."""


class Claim(NamedTuple):
    """What a sidecar says of a recording, where that stands, and the file that says it."""

    sidecar: Sidecar
    source: Source
    said_by: str


def land_calls(
    paths: Path | Iterable[Path],
    *,
    objects: ObjectStore,
    tables: Tables,
    dead_letters: DeadLetterStore,
    clock: Clock,
    encoding: str = "utf-8",
    offset_hours: float = 9.0,
    settle_s: float = 0.0,
) -> LandingReport:
    """Land recordings with their sidecars: ``<name>.json`` beside ``<name>.wav``, or rows of a CSV manifest.

    Args:
        paths: folders, or the files themselves.
        encoding: of sidecars; with ``utf-8``, those in Korean Windows' encoding are recognised too.
        settle_s: a file of a folder that was written to within so many seconds may still be copied: it and its other
            half are left to the next landing.
    """
    is_folder = isinstance(paths, Path) and paths.is_dir()
    seen = SeenFiles(objects, landed_key(FEED, f"seen-{content_id(str(paths))}") if is_folder else None)
    landing = _CallLanding(objects, tables, dead_letters, clock, check_encoding(encoding), offset_hours, seen)
    landing.land(sort_out(paths, settle_s))
    report = landing.finish()
    seen.save()
    return report


class _CallLanding:
    def __init__(
        self,
        objects: ObjectStore,
        tables: Tables,
        dead_letters: DeadLetterStore,
        clock: Clock,
        encoding: str,
        offset_hours: float,
        seen: SeenFiles,
    ) -> None:
        self._objects = objects
        self._seen = seen
        self._tables = tables
        self._dead_letters = dead_letters
        self._clock = clock
        self._source = Source(dataset=FEED, encoding=encoding, offset_hours=offset_hours)
        self._options = content_id(encoding, str(offset_hours))[:8]
        self._rows: dict[str, dict[str, Any]] = {}
        self._calls: dict[str, str] = {}
        self._hashes: dict[str, str] = {}
        self._letters: list[DeadLetter] = []
        self._landed: list[tuple[str, Landed]] = []
        self._whole: list[str] = []
        self._reasons: Counter[str] = Counter()
        self._report = LandingReport()
        self._lone = self._open_letters()

    def land(self, delivery: Delivery) -> None:
        claims: dict[Path, list[Claim]] = {path: [] for path in delivery.recordings}
        known = Recordings(delivery.recordings)
        # Whose sidecar is a manifest that still grows cannot be told.
        waiting = set(delivery.recordings if delivery.growing.intersection(delivery.manifests) else delivery.growing)
        for path in delivery.sidecars:
            if path in delivery.growing:
                self._safely(path, partial(self._leave, path, known, waiting))
                continue
            self._safely(path, partial(self._read_sidecar, path, known, claims, waiting))
        for path in delivery.manifests:
            if path not in delivery.growing:
                self._safely(path, partial(self._read_manifest, path, known, claims))
        for recording, said in claims.items():
            if recording in delivery.growing:
                continue
            if said:
                self._safely(recording, partial(self._land_recording, recording, said))
            elif recording not in waiting:
                self._safely(recording, partial(self._refuse_lone_recording, recording))
        for stranger in delivery.strangers:
            if stranger.path not in delivery.growing:
                self._safely(stranger.path, partial(self._refuse_stranger, stranger))

    def finish(self) -> LandingReport:
        self._flush()
        refused = LandingReport(refused=self._reasons.total(), reasons=dict(self._reasons))
        return self._report + refused

    def _safely(self, path: Path, step: Callable[[], None]) -> None:
        """Take a step; a file that cannot be read just now is a letter of its own and stops no other."""
        try:
            step()
        except OSError as error:
            self._refuse_unread(path, error.strerror or "it is gone")
        except Transient as error:
            if error.reason != "unreadable_file":
                raise
            self._refuse_unread(path, str(error))

    def _leave(self, sidecar: Path, known: Recordings, waiting: set[Path]) -> None:
        try:
            recording = known.beside(sidecar)
        except Permanent:
            return
        if recording is not None:
            waiting.add(recording)

    def _read_sidecar(self, path: Path, known: Recordings, claims: dict[Path, list[Claim]], waiting: set[Path]) -> None:
        raw = _start_of(path)
        key = raw_key(FEED, self._seen.digest(path))
        self._objects.put(key, path, if_absent=True)
        source = msgspec.structs.replace(self._source, object=key)
        read = self._checked(parse(raw, source))
        try:
            recording = known.beside(path)
        except Permanent as error:
            self._refuse_lone(path, error.reason, str(error), key)
            return
        if isinstance(read, Refused):
            self._refuse(read, key, shown(path))
            # The recording waits in the vault: a corrected sidecar finds it by its name.
            if recording is not None:
                self._keep_recording(recording)
                waiting.add(recording)
        elif recording is None:
            self._refuse_lone(path, "missing_recording", "The sidecar has no recording.", key)
        else:
            claims[recording].append(Claim(read, source, path.name))

    def _read_manifest(self, path: Path, known: Recordings, claims: dict[Path, list[Claim]]) -> None:
        key = raw_key(FEED, self._seen.digest(path))
        self._objects.put(key, path, if_absent=True)
        with path.open("rb") as stream:
            encoding = find_encoding(stream, self._source.encoding)
        source = msgspec.structs.replace(self._source, object=key, encoding=encoding)
        with self._objects.open(key) as stream:
            for item in read_manifest(stream, source):
                read = self._checked(item)
                if isinstance(read, Refused):
                    payload = refused_key(FEED, content_id(read.raw))
                    self._objects.put(payload, read.raw, if_absent=True)
                    self._refuse(read, payload, path.name, offset=read.offset)
                else:
                    self._claim_row(path, Claim(read, source, path.name), known, claims)

    def _claim_row(self, path: Path, claim: Claim, known: Recordings, claims: dict[Path, list[Claim]]) -> None:
        sidecar = claim.sidecar
        reason, message = "missing_recording", "The row's recording is not there."
        try:
            recording = known.named(path, sidecar.file, sidecar.call_id)
        except Permanent as error:
            recording, reason, message = None, error.reason, str(error)
        if recording is not None:
            claims[recording].append(claim)
            return
        payload = refused_key(FEED, content_id("row", sidecar.call_id, sidecar.offset, claim.source.object))
        self._objects.put(payload, msgspec.json.encode(sidecar), if_absent=True)
        refused = Refused(reason=reason, message=message, offset=0)
        self._refuse(refused, payload, f"{path.name} {sidecar.call_id}")

    def _checked(self, read: Sidecar | Refused) -> Sidecar | Refused:
        """Refuse a call that has not happened yet."""
        if isinstance(read, Refused) or read.started_ms <= self._clock.now_ms() + CLOCKS_DIFFER_MS:
            return read
        message = "started_at lies in the future."
        return Refused(reason="starts_in_future", message=message, offset=read.offset, raw=msgspec.json.encode(read))

    def _land_recording(self, recording: Path, claims: list[Claim]) -> None:
        differing = _differences(claims)
        if differing:
            said = " and ".join(dict.fromkeys(claim.said_by for claim in claims))
            message = f"{said} disagree about {', '.join(differing)}."
            self._refuse_lone(recording, "contradictory_sidecars", message, self._keep_recording(recording))
            return
        claim = claims[0]
        digest, suffix = self._seen.digest(recording), recording.suffix.lower()
        call = claim.sidecar.call(recording_key(digest, suffix), digest, claim.source)
        other = self._calls.get(call.call_id)
        same = self._hashes.get(digest)
        self._report += LandingReport(duplicates=len(claims) - 1)
        if other is not None and other != call.content_hash:
            self._refuse_recording(recording, "duplicate_call_id", "Another recording has this call's id.")
        elif same is not None and same != call.call_id:
            self._refuse_recording(recording, "duplicate_recording", f"The recording is that of {same} too.")
        elif other is not None:
            self._report += LandingReport(duplicates=1)
        else:
            self._land_call(call, recording, digest, claim)

    def _land_call(self, call: Call, recording: Path, digest: str, claim: Claim) -> None:
        note_key = landed_key(
            FEED, f"{content_id(call.content_hash, call.call_id, recording.suffix.lower())}-{self._options}"
        )
        settled = [recording.name, claim.said_by, f"{claim.said_by} {call.call_id}"]
        is_known = read_note(self._objects, note_key) is not None
        if not is_known:
            try:
                _check_roles(read_header(recording), claim.sidecar)
            except Permanent as error:
                self._refuse_recording(recording, error.reason, str(error))
                return
        self._calls[call.call_id], self._hashes[digest] = call.content_hash, call.call_id
        self._whole += settled
        if is_known:
            self._report += LandingReport(duplicates=1, skipped=1)
            return
        self._objects.put(call.object_key, recording, if_absent=True)
        self._rows[call.call_id] = msgspec.to_builtins(call)
        note = Landed(content=digest, file=recording.name, records=1, refused=0, reasons={})
        self._landed.append((note_key, note))
        self._report += LandingReport(objects=1)
        if len(self._rows) >= BATCH_CALLS:
            self._flush()

    def _keep_recording(self, recording: Path) -> str:
        key = recording_key(self._seen.digest(recording), recording.suffix.lower())
        self._objects.put(key, recording, if_absent=True)
        return key

    def _refuse_recording(self, recording: Path, reason: str, message: str) -> None:
        payload = refused_key(FEED, self._seen.digest(recording) + recording.suffix.lower())
        self._objects.put(payload, recording, if_absent=True)
        self._refuse_lone(recording, reason, message, payload)

    def _refuse_lone_recording(self, path: Path) -> None:
        self._refuse_lone(path, "missing_sidecar", "The recording has no sidecar.", self._keep_recording(path))

    def _refuse_stranger(self, stranger: Stranger) -> None:
        path = stranger.path
        if stranger.target is None:
            key = raw_key(FEED, self._seen.digest(path))
            self._objects.put(key, path, if_absent=True)
        else:
            key = self._keep_text(stranger.target)
        self._refuse_lone(path, stranger.reason, stranger.message, key)

    def _refuse_unread(self, path: Path, why: str) -> None:
        self._refuse_lone(path, "unreadable_file", f"It cannot be read: {why}", self._keep_text(shown(path)))

    def _keep_text(self, text: str) -> str:
        raw = text.encode("utf-8", "backslashreplace")
        key = refused_key(FEED, content_id("text", raw))
        self._objects.put(key, raw, if_absent=True)
        return key

    def _refuse_lone(self, path: Path, reason: str, message: str, payload_key: str) -> None:
        self._refuse(Refused(reason=reason, message=message, offset=0), payload_key, shown(path))

    def _refuse(self, refused: Refused, payload_key: str, name: str, offset: int | None = None) -> None:
        place = Provenance(dataset=FEED, object=payload_key, offset=None)
        if offset is not None:
            place = Provenance(dataset=FEED, object=name, offset=offset)
        self._reasons[refused.reason] += 1
        self._letters.append(letter_of_object(FEED, LANDING, refused, payload_key, place, self._clock.now_ms(), name))

    def _flush(self) -> None:
        if self._rows:
            changed = self._tables.merge(TABLE, list(self._rows.values()))
            self._report += LandingReport(accepted=changed, duplicates=len(self._rows) - changed)
            self._rows.clear()
        if self._letters:
            self._dead_letters.add(self._letters)
            self._letters.clear()
        for key, note in self._landed:
            put_note(self._objects, key, note)
        self._landed.clear()
        for name in self._whole:
            for letter_id in self._lone.pop(name, ()):
                self._dead_letters.mark(letter_id, LetterStatus.REPLAYED, "the missing half came with a later delivery")
        self._whole.clear()

    def _open_letters(self) -> dict[str, list[str]]:
        """Return the open letters that a later delivery may settle, by the name of the file that came."""
        lone: dict[str, list[str]] = {}
        for letter in self._dead_letters.list(feed=FEED, status=LetterStatus.OPEN, limit=10_000):
            if letter.reason in _WAITING:
                lone.setdefault(letter.message.partition(":")[0], []).append(letter.letter_id)
        return lone


def _differences(claims: list[Claim]) -> list[str]:
    """Return the names of the facts on which a recording's sidecars disagree."""
    facts = [claim.sidecar.facts() for claim in claims]
    return [name for name, value in facts[0].items() if any(other[name] != value for other in facts[1:])]


def _check_roles(header: RecordingHeader, sidecar: Sidecar) -> None:
    """Refuse roles that are not those of the recording's channels; a mono recording may carry several people."""
    said = len(sidecar.channel_roles)
    if said and header.channels > 1 and said != header.channels:
        raise Permanent(
            f"The sidecar names {said} channels, the recording has {header.channels}.",
            reason="roles_contradict_channels",
        )


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_SIDECAR_BYTES + 1)
