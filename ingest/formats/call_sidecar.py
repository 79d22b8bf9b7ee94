"""What a call centre says about a recording: a JSON file beside it, or one row of a CSV manifest."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Call, Record
from ingest.formats import call_fields
from ingest.formats.call_fields import by_canonical_name, canonical
from ingest.formats.csv_rows import Row, read_rows
from ingest.formats.fields import identifier, required
from ingest.formats.json_objects import parse_object
from ingest.formats.lines import Line, decoded, unpacked
from ingest.formats.source import Refused, Source

COLUMNS = ("call_id", "started_at")
MAX_SIDECAR_BYTES = 1 << 20
KOREAN = "cp949"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Sidecar(Record, frozen=True, kw_only=True):
    """A recording's facts; ``file`` is the recording's name where one is given. No roles: nothing was said of them."""

    call_id: str
    started_ms: int
    file: str | None = None
    direction: str = "inbound"
    phone: str | None = None
    customer_no: str | None = None
    agent_id: str | None = None
    language: str | None = None
    channel_roles: tuple[str, ...] = ()
    recording_consent: bool = True
    offset: int = 0

    def facts(self) -> dict[str, Any]:
        """Return what is said about the call itself."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("file", "offset")}

    def call(self, object_key: str, recording_hash: str, source: Source) -> Call:
        """Return the Call of this sidecar and its recording."""
        facts = self.facts()
        digest = content_id("call", recording_hash, *(f"{name}={value}" for name, value in facts.items()))
        return Call(**facts, object_key=object_key, content_hash=digest, provenance=source.at(self.offset))


def parse(raw: bytes, source: Source) -> Sidecar | Refused:
    """Read a JSON sidecar, in UTF-8, in UTF-16 with its mark, or in Korean Windows' encoding (CP949)."""
    try:
        if len(raw) > MAX_SIDECAR_BYTES:
            raise Permanent(f"The sidecar is larger than {MAX_SIDECAR_BYTES} bytes.", reason="sidecar_too_large")
        return _sidecar(parse_object(_text(raw, source), source.max_depth), 0, source)
    except Permanent as error:
        return Refused(reason=error.reason, message=str(error), offset=0, raw=raw[:MAX_SIDECAR_BYTES])


def read_manifest(stream: BinaryIO, source: Source) -> Iterator[Sidecar | Refused]:
    """Read a CSV manifest; the column ``file`` names the recording, else ``<call_id>`` with any suffix."""

    def parse_row(row: Row, line: Line) -> Sidecar:
        return _sidecar(row, line.offset, source)

    return read_rows(stream, source, COLUMNS, parse_row, canonical)


def find_encoding(stream: BinaryIO, encoding: str) -> str:
    """Return in which encoding a manifest is read: the one asked for, or CP949 where its lines are no UTF-8.

    One damaged line among many good ones does not change the encoding.
    """
    if encoding != "utf-8":
        return encoding
    good = bad = korean = 0
    try:
        for line in _lines(stream):
            if line.isascii():
                continue
            is_utf8 = _is(line, "utf-8")
            good, bad = good + is_utf8, bad + (not is_utf8)
            korean += not is_utf8 and _is(line, KOREAN)
    except Permanent:
        # A damaged gzip file: what could be unpacked decides.
        pass
    return KOREAN if bad > good and korean == bad else encoding


def _sidecar(said: Mapping[str, Any], offset: int, source: Source) -> Sidecar:
    fields = by_canonical_name(said)
    return Sidecar(
        call_id=required(fields, "call_id"),
        started_ms=call_fields.started_ms(fields.get("started_at"), source),
        file=identifier(fields.get("file"), "file", 1_000),
        direction=call_fields.direction(fields.get("direction")),
        phone=identifier(fields.get("phone"), "phone", 40),
        customer_no=identifier(fields.get("customer_no"), "customer_no"),
        agent_id=identifier(fields.get("agent_id"), "agent_id"),
        language=call_fields.language(fields.get("language")),
        channel_roles=call_fields.channel_roles(fields.get("channel_roles")),
        recording_consent=call_fields.consent(fields.get("recording_consent")),
        offset=offset,
    )


def _text(raw: bytes, source: Source) -> str:
    if raw.startswith(_UTF16):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise Permanent("The sidecar is no UTF-16.", reason="bad_encoding") from None
    plain = raw.removeprefix(codecs.BOM_UTF8)
    if source.encoding == "utf-8" and not _is(plain, "utf-8") and _is(plain, KOREAN):
        return plain.decode(KOREAN)
    return decoded(plain, source)


def _is(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    rest = b""
    for chunk in unpacked(stream):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > MAX_SIDECAR_BYTES:
            rest = b""
    yield rest
