"""Landing calls: a recording and its sidecar become one row of ``bronze.calls``; either alone is a dead letter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from hub.clock import Clock
from hub.errors import Permanent
from hub.ids import content_id
from hub.ports import DeadLetterStore, ObjectStore, Tables
from hub.records import DeadLetter, LetterStatus, Provenance
from ingest.dead_letters import LANDING, letter_of_object
from ingest.feeds import check_encoding
from ingest.formats.call_sidecar import MAX_SIDECAR_BYTES, Sidecar, parse, read_manifest
from ingest.formats.source import Refused, Source
from ingest.recordings import RECORDING_SUFFIXES, read_header
from ingest.report import LandingReport
from ingest.vault import Landed, hash_file, landed_key, put_note, raw_key, read_note, recording_key, refused_key

FEED = "calls"
TABLE = "bronze.calls"
BATCH_CALLS = 1_000
_UNFINISHED = (".part", ".tmp", ".filepart", ".crdownload")


class Files(NamedTuple):
    """What lies in a delivery, by the name that a recording and its sidecar share."""

    recordings: dict[str, Path]
    sidecars: dict[str, Path]
    manifests: list[Path]
    strangers: list[Path]


def land_calls(
    paths: Path | Iterable[Path],
    *,
    objects: ObjectStore,
    tables: Tables,
    dead_letters: DeadLetterStore,
    clock: Clock,
    encoding: str = "utf-8",
    offset_hours: float = 9.0,
) -> LandingReport:
    """Land recordings with their sidecars: ``<name>.json`` beside ``<name>.wav``, or rows of a CSV manifest.

    Args:
        paths: folders, or the files themselves.
    """
    landing = _CallLanding(objects, tables, dead_letters, clock, check_encoding(encoding), offset_hours)
    landing.land(_sorted_out(paths))
    return landing.finish()


class _CallLanding:
    def __init__(
        self,
        objects: ObjectStore,
        tables: Tables,
        dead_letters: DeadLetterStore,
        clock: Clock,
        encoding: str,
        offset_hours: float,
    ) -> None:
        self._objects = objects
        self._tables = tables
        self._dead_letters = dead_letters
        self._clock = clock
        self._source = Source(dataset=FEED, encoding=encoding, offset_hours=offset_hours)
        self._options = content_id(encoding, str(offset_hours))[:8]
        self._rows: dict[str, dict[str, Any]] = {}
        self._letters: list[DeadLetter] = []
        self._landed: list[tuple[str, Landed]] = []
        self._whole: list[str] = []
        self._reasons: Counter[str] = Counter()
        self._report = LandingReport()
        self._lone = self._open_letters()

    def land(self, files: Files) -> None:
        claimed: set[str] = set()
        for name, path in files.sidecars.items():
            claimed.add(name)
            self._land_pair(path, files.recordings.get(name))
        by_file = {path.name: name for name, path in files.recordings.items()}
        for manifest in files.manifests:
            for sidecar in self._manifest(manifest):
                name = by_file.get(sidecar.file or "", sidecar.file or sidecar.call_id)
                claimed.add(name)
                self._land_row(manifest, sidecar, files.recordings.get(name))
        for name, path in files.recordings.items():
            if name not in claimed:
                self._refuse_file(path, "missing_sidecar", "The recording has no sidecar.")
        for path in files.strangers:
            self._refuse_file(path, "unknown_kind", "The file is neither a recording nor a sidecar.")

    def finish(self) -> LandingReport:
        self._flush()
        refused = LandingReport(refused=self._reasons.total(), reasons=dict(self._reasons))
        return self._report + refused

    def _land_pair(self, path: Path, recording: Path | None) -> None:
        raw = _start_of(path)
        key = raw_key(FEED, hash_file(path))
        self._objects.put(key, path, if_absent=True)
        source = msgspec.structs.replace(self._source, object=key)
        read = parse(raw, source)
        if isinstance(read, Refused):
            self._refuse(read, key, path.name)
            # The recording waits in the vault: a corrected sidecar finds it by its name.
            if recording is not None:
                self._keep_recording(recording)
        elif recording is None:
            self._refuse_lone(path.name, "missing_recording", "The sidecar has no recording.", key)
        else:
            self._land_call(read, recording, source, path.name)

    def _manifest(self, path: Path) -> Iterator[Sidecar]:
        key = raw_key(FEED, hash_file(path))
        self._objects.put(key, path, if_absent=True)
        with self._objects.open(key) as stream:
            for item in read_manifest(stream, msgspec.structs.replace(self._source, object=key)):
                if isinstance(item, Refused):
                    payload = refused_key(FEED, content_id(item.raw))
                    self._objects.put(payload, item.raw, if_absent=True)
                    self._refuse(item, payload, path.name, offset=item.offset)
                else:
                    yield item

    def _land_row(self, manifest: Path, sidecar: Sidecar, recording: Path | None) -> None:
        source = msgspec.structs.replace(self._source, object=raw_key(FEED, hash_file(manifest)))
        if recording is not None:
            self._land_call(sidecar, recording, source, manifest.name)
            return
        payload = refused_key(FEED, content_id("row", sidecar.call_id, sidecar.offset, source.object))
        self._objects.put(payload, msgspec.json.encode(sidecar), if_absent=True)
        name = f"{manifest.name} {sidecar.call_id}"
        self._refuse_lone(name, "missing_recording", "The row's recording is not there.", payload)

    def _land_call(self, sidecar: Sidecar, recording: Path, source: Source, said_by: str) -> None:
        digest, suffix = hash_file(recording), recording.suffix.lower()
        call = sidecar.call(recording_key(digest, suffix), digest, source)
        note_key = landed_key(FEED, f"{content_id(call.content_hash, call.call_id, suffix)}-{self._options}")
        self._whole += [recording.name, said_by, f"{said_by} {sidecar.call_id}"]
        if read_note(self._objects, note_key) is not None:
            self._report += LandingReport(duplicates=1, skipped=1)
            return
        if not self._is_audible(recording, digest):
            return
        self._objects.put(call.object_key, recording, if_absent=True)
        if call.call_id in self._rows:
            self._report += LandingReport(duplicates=1)
        self._rows[call.call_id] = msgspec.to_builtins(call)
        note = Landed(content=digest, file=recording.name, records=1, refused=0, reasons={})
        self._landed.append((note_key, note))
        self._report += LandingReport(objects=1)
        if len(self._rows) >= BATCH_CALLS:
            self._flush()

    def _is_audible(self, recording: Path, digest: str) -> bool:
        try:
            read_header(recording)
        except Permanent as error:
            payload = refused_key(FEED, digest + recording.suffix.lower())
            self._objects.put(payload, recording, if_absent=True)
            self._refuse(Refused(reason=error.reason, message=str(error), offset=0), payload, recording.name)
            return False
        return True

    def _keep_recording(self, recording: Path) -> str:
        key = recording_key(hash_file(recording), recording.suffix.lower())
        self._objects.put(key, recording, if_absent=True)
        return key

    def _refuse_file(self, path: Path, reason: str, message: str) -> None:
        if reason == "missing_sidecar":
            self._refuse_lone(path.name, reason, message, self._keep_recording(path))
            return
        key = raw_key(FEED, hash_file(path))
        self._objects.put(key, path, if_absent=True)
        self._refuse_lone(path.name, reason, message, key)

    def _refuse_lone(self, name: str, reason: str, message: str, payload_key: str) -> None:
        self._refuse(Refused(reason=reason, message=message, offset=0), payload_key, name)

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
        """Return the open letters of halves of calls, by the name of the half that came."""
        lone: dict[str, list[str]] = {}
        for letter in self._dead_letters.list(feed=FEED, status=LetterStatus.OPEN, limit=10_000):
            if letter.reason in ("missing_sidecar", "missing_recording"):
                lone.setdefault(letter.message.partition(":")[0], []).append(letter.letter_id)
        return lone


def _sorted_out(paths: Path | Iterable[Path]) -> Files:
    files = Files({}, {}, [], [])
    for path in _files(paths):
        suffix = path.suffix.lower()
        if path.name.startswith(".") or suffix in _UNFINISHED:
            continue
        if suffix in RECORDING_SUFFIXES:
            # Two recordings may share a stem (a.wav, a.mp3); the second keeps its whole name.
            name = path.name if path.stem in files.recordings else path.stem
            files.recordings[name] = path
        elif suffix == ".json":
            files.sidecars[path.stem] = path
        elif path.name.lower().endswith((".csv", ".csv.gz")):
            files.manifests.append(path)
        else:
            files.strangers.append(path)
    return files


def _files(paths: Path | Iterable[Path]) -> Iterator[Path]:
    for path in [paths] if isinstance(paths, Path) else paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file())
        elif path.is_file():
            yield path
        else:
            raise Permanent("There is no such file or folder.", reason="missing_source", file=path.name)


def _start_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_SIDECAR_BYTES + 1)
