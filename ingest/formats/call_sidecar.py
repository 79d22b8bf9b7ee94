"""What a call centre says about a recording: a JSON file beside it, or one row of a CSV manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Call, Record
from ingest.formats.csv_rows import Row, read_rows
from ingest.formats.fields import flag, identifier, moment, one_of, required
from ingest.formats.json_objects import parse_object
from ingest.formats.lines import Line, decoded
from ingest.formats.source import Refused, Source

COLUMNS = ("call_id", "started_at")
DIRECTIONS = ("inbound", "outbound", "internal", "unknown")
MAX_SIDECAR_BYTES = 1 << 20
MAX_ROLES = 32
_DEFAULT_ROLES = ("AGENT", "CUSTOMER")
_BOM = b"\xef\xbb\xbf"


class Sidecar(Record, frozen=True, kw_only=True):
    """A recording's facts; ``file`` is the recording's name where a manifest gives one."""

    call_id: str
    started_ms: int
    file: str | None = None
    direction: str = "inbound"
    phone: str | None = None
    customer_no: str | None = None
    agent_id: str | None = None
    language: str | None = None
    channel_roles: tuple[str, ...] = _DEFAULT_ROLES
    recording_consent: bool = True
    offset: int = 0

    def call(self, object_key: str, recording_hash: str, source: Source) -> Call:
        """Return the Call of this sidecar and its recording."""
        fields = {name: getattr(self, name) for name in self.__struct_fields__ if name not in ("file", "offset")}
        digest = content_id("call", recording_hash, *(f"{name}={value}" for name, value in fields.items()))
        return Call(**fields, object_key=object_key, content_hash=digest, provenance=source.at(self.offset))


def parse(raw: bytes, source: Source) -> Sidecar | Refused:
    """Read a JSON sidecar."""
    try:
        if len(raw) > MAX_SIDECAR_BYTES:
            raise Permanent(f"The sidecar is larger than {MAX_SIDECAR_BYTES} bytes.", reason="sidecar_too_large")
        text = decoded(raw.removeprefix(_BOM), source)
        return _sidecar(parse_object(text, source.max_depth), 0, source)
    except Permanent as error:
        return Refused(reason=error.reason, message=str(error), offset=0, raw=raw[:MAX_SIDECAR_BYTES])


def read_manifest(stream: BinaryIO, source: Source) -> Iterator[Sidecar | Refused]:
    """Read a CSV manifest; the column ``file`` names the recording, else ``<call_id>`` with any suffix."""

    def parse_row(row: Row, line: Line) -> Sidecar:
        return _sidecar(row, line.offset, source)

    return read_rows(stream, source, COLUMNS, parse_row)


def _sidecar(fields: Mapping[str, Any], offset: int, source: Source) -> Sidecar:
    return Sidecar(
        call_id=required(fields, "call_id"),
        started_ms=moment(fields.get("started_at"), "started_at", source),
        file=identifier(fields.get("file"), "file"),
        direction=one_of(str(fields.get("direction") or "inbound"), "direction", DIRECTIONS),
        phone=identifier(fields.get("phone"), "phone", 40),
        customer_no=identifier(fields.get("customer_no"), "customer_no"),
        agent_id=identifier(fields.get("agent_id"), "agent_id"),
        language=identifier(fields.get("language"), "language", 20),
        channel_roles=_roles(fields.get("channel_roles")),
        recording_consent=flag(fields.get("recording_consent"), "recording_consent", default=True),
        offset=offset,
    )


def _roles(value: object) -> tuple[str, ...]:
    names = value.replace(";", "|").split("|") if isinstance(value, str) else value
    if not names or names == [""]:
        return _DEFAULT_ROLES
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(names) > MAX_ROLES:
        raise Permanent("channel_roles is no list of names.", reason="bad_roles")
    roles = tuple(name.strip().upper() for name in names)
    if not all(role.isidentifier() and len(role) <= 40 for role in roles):
        raise Permanent("channel_roles holds something that is no name.", reason="bad_roles")
    return roles
