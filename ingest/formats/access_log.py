"""Web server access logs in the NCSA combined format.

Source: Apache HTTP Server, mod_log_config, LogFormat "combined".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from hub.clock import to_ms
from hub.errors import Permanent
from hub.ids import content_id
from hub.records import Channel, LogLine
from ingest.formats.fields import identifier
from ingest.formats.lines import Line, read_lines, refuse, text_of
from ingest.formats.source import Refused, Source

_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_COMBINED = re.compile(
    rf"(\S+) (\S+) (\S+) \[([^\]]{{1,40}})\] {_QUOTED} (\d{{3}}) (\d{{1,18}}|-)(?: {_QUOTED} {_QUOTED})?(?: .*)?",
    re.ASCII,
)
_MONTHS = {
    name: number
    for number, name in enumerate(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1
    )
}
_TIME = re.compile(r"(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-]\d{2})(\d{2})", re.ASCII)
_PAGE_METHODS = ("GET", "HEAD")
_ASSET = re.compile(r"\.(?:js|css|png|jpe?g|gif|svg|ico|woff2?|map|json|xml|txt)$", re.IGNORECASE)


def read(stream: BinaryIO, source: Source) -> Iterator[LogLine | Refused]:
    """Yield a LogLine or a refusal for every line that is not blank.

    A visitor without a login is known by a digest of address and browser. Lines that are equal
    to the byte (two requests within one second) are counted apart.
    """
    repeats: Counter[bytes] = Counter()
    second = ""
    for line in read_lines(stream, source):
        if isinstance(line, Refused):
            yield line
            continue
        try:
            found = _matched(line, source)
            if found[4] != second:
                second = found[4]
                repeats.clear()
            repeats[line.raw] += 1
            yield _line(found, line, repeats[line.raw], source)
        except Permanent as error:
            yield refuse(line, error.reason, str(error))


def _matched(line: Line, source: Source) -> re.Match[str]:
    found = _COMBINED.fullmatch(text_of(line, source))
    if found is None:
        reason = "bad_access_line" if line.is_terminated else "truncated_line"
        raise Permanent("The line is not in the combined log format.", reason=reason)
    return found


def _line(found: re.Match[str], line: Line, repeat: int, source: Source) -> LogLine:
    host, _, user, time, request, status, size, referer, agent = found.groups()
    at_ms = _time_ms(time, source)
    method, path = _request(request)
    is_page = method in _PAGE_METHODS and status[0] in "23" and not _ASSET.search(path)
    digest = content_id("access", line.raw, repeat)
    return LogLine(
        message_id=f"access:{digest}",
        type="screen.viewed" if is_page else "request.served",
        channel=Channel.WEB,
        event_time_ms=at_ms,
        received_time_ms=at_ms,
        customer_no=None if user == "-" else identifier(user, "user"),
        anonymous_id=f"visitor-{content_id('visitor', host, agent or '')}",
        properties={
            "screen": path,
            "method": method,
            "status": int(status),
            "bytes": 0 if size == "-" else int(size),
            "referer": "" if referer in (None, "-") else str(referer).partition("?")[0][:1_000],
            "_remote": host,
        },
        content_hash=digest,
        provenance=source.at(line.offset),
    )


def _time_ms(text: str, source: Source) -> int:
    found = _TIME.fullmatch(text)
    if found is None or found[2] not in _MONTHS:
        raise Permanent("The time is not in the combined log format.", reason="bad_time")
    day, month, year, hour, minute, second, zone_hours, zone_minutes = found.groups()
    try:
        iso = f"{year}-{_MONTHS[month]:02}-{day}T{hour}:{minute}:{second}{zone_hours}:{zone_minutes}"
        at_ms = to_ms(datetime.fromisoformat(iso))
    except (ValueError, OverflowError):
        raise Permanent("The time is no time of any calendar.", reason="bad_time") from None
    if not source.earliest_ms <= at_ms < source.latest_ms:
        raise Permanent("The time is absurdly far away.", reason="time_out_of_range")
    return at_ms


def _request(request: str) -> tuple[str, str]:
    """Return method and path; the query, which may carry anything, stays in the vault."""
    parts = request.split(" ")
    if len(parts) not in (2, 3) or not parts[0].isalpha():
        return "", ""
    return parts[0].upper(), parts[1].partition("?")[0][:1_000]
