"""What a call centre says about a recording: a JSON or XML file beside it, or one row of a CSV manifest."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from msgspec import structs

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Call, Record
from ingest.formats import call_fields
from ingest.formats.call_fields import ALIASES, by_canonical_name, canonical, canonical_header
from ingest.formats.call_xml import is_xml, parse_fields
from ingest.formats.csv_rows import Row, read_rows
from ingest.formats.fields import identifier, required
from ingest.formats.json_objects import check_tree, parse_value
from ingest.formats.lines import Line, decoded, unpacked
from ingest.formats.source import Refused, Source

COLUMNS = ("call_id", "started_at")
MAX_SIDECAR_BYTES = 1 << 20
KOREAN = "cp949"
UTF16 = "utf-16"
DELIMITERS = ",;\t|"
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
    """Read a JSON or XML sidecar, in UTF-8, in UTF-16 with its mark, or in Korean Windows' encoding (CP949).

    The fields may lie in an object of their own (``{"call": {...}}``) or in a list of one.
    """
    try:
        if len(raw) > MAX_SIDECAR_BYTES:
            raise Permanent(f"The sidecar is larger than {MAX_SIDECAR_BYTES} bytes.", reason="sidecar_too_large")
        text = _text(raw, source)
        fields = parse_fields(text) if is_xml(text) else _fields(parse_value(text, source.max_depth), source)
        return _sidecar(fields, 0, source)
    except Permanent as error:
        return Refused(reason=error.reason, message=str(error), offset=0, raw=raw[:MAX_SIDECAR_BYTES])


def read_manifest(stream: BinaryIO, source: Source) -> Iterator[Sidecar | Refused]:
    """Read a CSV manifest; the column ``file`` names the recording, else ``<call_id>`` with any suffix.

    Cells may be separated by commas, semicolons, tabs or bars. Offsets in UTF-16 are those of the same text in UTF-8.
    """
    if source.encoding == UTF16:
        stream, source = (
            codecs.EncodedFile(stream, "utf-8", UTF16, "replace"),
            structs.replace(source, encoding="utf-8"),
        )

    def parse_row(row: Row, line: Line) -> Sidecar:
        return _sidecar(row, line.offset, source)

    return read_rows(stream, source, COLUMNS, parse_row, canonical_header, DELIMITERS)


def find_encoding(stream: BinaryIO, encoding: str) -> str:
    """Return in which encoding a manifest is read: the one asked for, UTF-16 by its mark, or CP949 where its lines are no UTF-8.

    One damaged line among many good ones does not change the encoding.
    """
    if encoding != "utf-8":
        return encoding
    good = bad = korean = 0
    try:
        for number, line in enumerate(_lines(stream)):
            if number == 0 and line.startswith(_UTF16):
                return UTF16
            if line.isascii():
                continue
            is_utf8 = _is(line, "utf-8")
            good, bad = good + is_utf8, bad + (not is_utf8)
            korean += not is_utf8 and _is(line, KOREAN)
    except Permanent:
        # A damaged gzip file: what could be unpacked decides.
        pass
    return KOREAN if bad > good and korean == bad else encoding


def _fields(value: object, source: Source) -> dict[str, Any]:
    """Return the object that holds a call's facts: the value itself, the only item of a list, the only object within.

    Raises:
        Permanent: ``not_an_object``, or as ``check_tree``.
    """
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        raise Permanent("The sidecar is JSON, but no object.", reason="not_an_object")
    check_tree(value, source.max_depth)
    inner = [item for item in value.values() if isinstance(item, dict)]
    if len(inner) == 1 and not any(canonical(name) in ALIASES for name in value):
        return _fields(inner[0], source)
    return value


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
