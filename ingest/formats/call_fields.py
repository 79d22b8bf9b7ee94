"""The facts of a call under the names that call centres give them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from hub.errors import Permanent
from ingest.formats.fields import flag, moment
from ingest.formats.source import Source

ALIASES: dict[str, tuple[str, ...]] = {
    "call_id": ("callid", "id", "contactid", "recordingid", "통화id", "통화번호", "녹취id", "녹취번호", "콜id"),
    "file": ("filename", "recordingfile", "audio", "audiofile", "wav", "파일", "파일명", "녹취파일", "녹취파일명"),
    "started_at": (
        "start", "started", "starttime", "startedat", "callstart", "callstarttime", "datetime", "timestamp", "begin",
        "통화시작", "통화시작시각", "통화시작시간", "통화시작일시", "시작시각", "시작시간", "시작일시", "통화일시", "일시",
    ),
    "direction": ("calldirection", "calltype", "inout", "방향", "통화방향", "인아웃구분", "수발신구분", "수발신"),
    "phone": (
        "phonenumber", "customerphone", "ani", "caller", "callernumber", "callerid", "msisdn", "tel", "전화번호",
        "고객전화번호", "발신번호", "연락처",
    ),
    "customer_no": (
        "customerno", "customerid", "customerref", "customerreference", "customernumber", "custno", "cif",
        "고객번호", "고객id", "고객식별번호",
    ),
    "agent_id": ("agentid", "agent", "agentno", "operator", "operatorid", "user", "상담원", "상담원id", "상담원번호", "상담사", "상담사id"),
    "language": ("lang", "languagecode", "locale", "언어"),
    "channel_roles": ("channelroles", "roles", "channeldefinitions", "채널역할"),
    "recording_consent": ("recordingconsent", "consent", "consented", "녹취동의", "녹음동의", "동의", "동의여부", "녹취동의여부"),
}  # fmt: skip
_NAMES = {alias: name for name, aliases in ALIASES.items() for alias in (*aliases, name.replace("_", ""))}
_VAGUE = frozenset({"id", "user", "timestamp", "datetime", "일시", "연락처"})
"""Names that say something of the call only where no plainer name does: the id may be a row's, the time the export's."""
_SEPARATORS = re.compile(r"[\s_\-.()]+")

_DIRECTIONS = {
    "inbound": ("in", "incoming", "i", "인바운드", "수신", "ib"),
    "outbound": ("out", "outgoing", "o", "아웃바운드", "발신", "ob"),
    "internal": ("내선", "내부"),
    "unknown": (),
}
_ROLES = {
    "AGENT": ("operator", "rep", "representative", "counselor", "csr", "staff", "상담원", "상담사", "직원"),
    "CUSTOMER": ("client", "caller", "member", "고객", "손님"),
    "SUPERVISOR": ("coach", "관리자", "팀장"),
    "IVR": ("bot", "system", "자동응답"),
    "INTERPRETER": ("통역", "통역사"),
    "UNKNOWN": ("mixed", "both", "mono"),
}
_LANGUAGES = {
    "ko": ("korean", "kor", "한국어", "국어", "kr"),
    "en": ("english", "eng", "영어"),
    "ja": ("japanese", "jpn", "일본어"),
    "zh": ("chinese", "zho", "중국어", "cn"),
    "vi": ("vietnamese", "vie", "베트남어"),
}
_YES, _NO = ("동의", "예", "agreed"), ("미동의", "비동의", "거부", "아니오", "refused")
_TAG = re.compile(r"([a-z]{2,3})([-_][a-z0-9]+)*")
_ROLE_SEPARATORS = re.compile(r"[,;|/+]")
MAX_ROLES = 32

_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)[ T_-]?(\d\d):?(\d\d):?(\d\d)")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})\.?[ T]+(\d{1,2}:\d\d(:\d\d)?.*)")
_HALF_DAYS = re.compile(
    r"(\d{4})[-/.] ?(\d{1,2})[-/.] ?(\d{1,2})\.? (오전|오후|AM|PM) (0?[1-9]|1[0-2]):(\d\d)(?::(\d\d))?"
)
"""As Korean desktops show a time."""
_EPOCH = re.compile(r"\d{10}|\d{13}")


def canonical(name: str) -> str:
    """Return the hub's name of a field, or the name as it stands where nobody knows it."""
    squeezed = _SEPARATORS.sub("", name.lower())
    return _NAMES.get(squeezed, name)


def canonical_header(names: Sequence[str]) -> list[str]:
    """Return the hub's names of fields that stand together; a vague name means nothing of the call beside a plainer one."""
    plain = {canonical(name) for name in names if not _is_vague(name)}
    return [name if _is_vague(name) and canonical(name) in plain else canonical(name) for name in names]


def by_canonical_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a sidecar's fields under the hub's names.

    Raises:
        Permanent: ``contradictory_fields``: two of its fields are the same and say different things.
    """
    found: dict[str, Any] = {}
    for name, value in zip(canonical_header(list(fields)), fields.values(), strict=True):
        if value is None or value == "":
            continue
        if found.get(name, value) != value:
            raise Permanent(f"{name} is said twice and differently.", reason="contradictory_fields")
        found[name] = value
    return found


def _is_vague(name: str) -> bool:
    return _SEPARATORS.sub("", name.lower()) in _VAGUE


def started_ms(value: object, source: Source) -> int:
    """Return when a call started: ISO 8601, 20261001090000, 2026/10/01 09:00, 2026-10-01 오전 9:00, or epoch (milli)seconds.

    Raises:
        Permanent: ``bad_time`` or ``time_out_of_range``.
    """
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if match := _COMPACT.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
        return moment(f"{year}-{month}-{day}T{hour}:{minute}:{second}", "started_at", source)
    if match := _SLASHED.fullmatch(text):
        year, month, day, clock = match.group(1, 2, 3, 4)
        return moment(f"{year}-{month:0>2}-{day:0>2}T{clock:0>5}", "started_at", source)
    if match := _HALF_DAYS.fullmatch(text):
        year, month, day, half, hour, minute, second = match.groups("00")
        hours = int(hour) % 12 + (12 if half in ("오후", "PM") else 0)
        return moment(f"{year}-{month:0>2}-{day:0>2}T{hours:02}:{minute}:{second}", "started_at", source)
    if _EPOCH.fullmatch(text):
        return moment(int(text), "started_at", source)
    return moment(value, "started_at", source)


def direction(value: object) -> str:
    """Return who called whom; inbound where nothing is said.

    Raises:
        Permanent: ``bad_direction``.
    """
    return _known(str(value or "inbound").strip().lower(), _DIRECTIONS, "direction", "bad_direction")


def consent(value: object) -> bool:
    """Return whether the customer agreed to be recorded; true where nothing is said.

    Raises:
        Permanent: ``bad_flag``.
    """
    word = str(value).strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    return flag(value, "recording_consent", default=True)


def language(value: object) -> str | None:
    """Return a language's code (``ko`` for ko-KR, Korean or 한국어), None where nothing is said.

    Raises:
        Permanent: ``bad_language``.
    """
    if value is None or not str(value).strip():
        return None
    word = str(value).strip().lower()
    known = next((code for code, names in _LANGUAGES.items() if word == code or word in names), None)
    tag = _TAG.fullmatch(word)
    if known or tag:
        found = known or (tag.group(1) if tag else word)
        return next((code for code, names in _LANGUAGES.items() if found in names), found)
    raise Permanent("language is no language code.", reason="bad_language")


def channel_roles(value: object) -> tuple[str, ...]:
    """Return who speaks on each channel, in order; nothing where nothing is said.

    A list of names, names with a mark between them, ``{"0": "AGENT", "1": ...}``, ``{"left": ...}``, or Call Analytics'
    ``ChannelDefinitions``.

    Raises:
        Permanent: ``bad_roles``, or ``unknown_role`` for a role that nobody knows.
    """
    if value is None or value in ("", []):
        return ()
    names = _ROLE_SEPARATORS.split(value) if isinstance(value, str) else _by_channel(value)
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or len(names) > MAX_ROLES:
        raise Permanent("channel_roles is no list of names.", reason="bad_roles")
    roles = tuple(_known(name.strip().lower(), _ROLES, "channel_roles", "unknown_role") for name in names)
    if len(roles) == 2 and roles[0] == roles[1] == "CUSTOMER":
        raise Permanent("channel_roles names the customer twice.", reason="bad_roles")
    return roles


def _by_channel(value: object) -> object:
    """Return the roles that are given by channel, in order of the channels; anything else as it is."""
    if isinstance(value, dict):
        pairs = [(_channel(key), role) for key, role in value.items()]
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        said = [{key.lower(): part for key, part in item.items()} for item in value]
        pairs = [
            (_channel(item.get("channelid", item.get("channel"))), item.get("participantrole", item.get("role")))
            for item in said
        ]
    else:
        return value
    by_number = {number: role for number, role in pairs if number is not None and isinstance(role, str)}
    first = min(by_number, default=0)
    is_whole = len(by_number) > 1 and first in (0, 1) and sorted(by_number) == list(range(first, first + len(pairs)))
    return [by_number[number] for number in sorted(by_number)] if is_whole else value


def _channel(name: object) -> int | None:
    word = str(name).strip().lower()
    return {"left": 0, "right": 1, "l": 0, "r": 1}.get(word, int(word) if word.isdecimal() else None)


def _known(word: str, choices: Mapping[str, tuple[str, ...]], field: str, reason: str) -> str:
    for name, others in choices.items():
        if word == name.lower() or word in others:
            return name
    raise Permanent(f"{field} is none of {', '.join(choices)}.", reason=reason)
