"""How the demo bank's customers answer offers: by their hidden uplift, the same way every time they are asked.

A treated customer buys with their base rate plus the offer's uplift, a customer of the control group with the base
rate alone. The draw is a hash of the decision's id, so answering twice, or answering more offers later, changes no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from demo.lines import json_line
from demo.products import BY_ID, BY_TYPE
from hub.clock import DAY_MS, HOUR_MS, MINUTE_MS, to_ms
from hub.errors import Permanent
from hub.ids import bucket, content_id
from hub.records import Decision

SEOUL = timezone(timedelta(hours=9))
OFFER_PURPOSES = ("marketing_offers", "profiling")
_TREATED, _CONTROL = "treated", "control"
_OPEN_SHARE, _DECLINE_SHARE, _COUPON_SHARE = 0.65, 0.25, 0.4
_LINES = {"car": "A01", "life": "I01", "health": "I02"}
_FINE = 1_000_000


class Rate(msgspec.Struct):
    """A line of truth: the chance to buy without an offer, and what an offer adds."""

    customer_no: str
    product_id: str
    uplift: float
    base: float


@dataclass(frozen=True, slots=True)
class _Offer:
    decision_id: str
    customer_key: str
    is_treated: bool
    decided_ms: int
    until_ms: int
    product_id: str | None


def answer(
    offers: Iterable[Decision | Mapping[str, Any]],
    source: Path,
    truth: Path,
    *,
    customer_key: Callable[[str], str],
    last_day: date | None = None,
) -> int:
    """Write what customers do with offers into ``source/logs/web-YYYY-MM-DD-answers.jsonl``.

    Args:
        offers: decisions, treated and control; suppressed ones and those that are no offers are passed over.
        source: folder of the sources.
        truth: folder of the truth of the same bank.
        customer_key: how the hub names a customer number (its pseudonym), for the bank to know its own again.
        last_day: what would happen after this day has not happened yet; None: everything has.
    Returns:
        How many lines these offers led to. Lines already there are not written twice.
    Raises:
        Permanent: there is no truth of a demo bank, or a decision lacks its id, customer or time.
    """
    asked = {offer.decision_id: offer for offer in map(_offer, filter(_is_answered, map(_plain, offers)))}
    by_customer: dict[str, list[_Offer]] = {}
    for offer in asked.values():
        by_customer.setdefault(offer.customer_key, []).append(offer)
    end_ms = None if last_day is None else _midnight_ms(last_day) + DAY_MS
    by_day: dict[str, dict[str, tuple[int, bytes]]] = {}
    written = 0
    for customer_no, rates in _rates(truth / "uplift.jsonl", customer_key, by_customer):
        for offer in by_customer[customer_key(customer_no)]:
            for at_ms, message_id, line in _answers(offer, customer_no, rates):
                if end_ms is None or at_ms < end_ms:
                    by_day.setdefault(_day(at_ms), {})[message_id] = (at_ms, line)
                    written += 1
    for day, lines in sorted(by_day.items()):
        _add_lines(source / "logs" / f"web-{day}-answers.jsonl", lines)
    return written


def _plain(offer: Decision | Mapping[str, Any]) -> dict[str, Any]:
    return dict(msgspec.to_builtins(offer)) if isinstance(offer, Decision) else dict(offer)


def _is_answered(decision: dict[str, Any]) -> bool:
    purpose = decision.get("consent_purpose", OFFER_PURPOSES[0])
    return decision.get("treatment") in (_TREATED, _CONTROL) and purpose in OFFER_PURPOSES


def _offer(decision: dict[str, Any]) -> _Offer:
    missing = [name for name in ("decision_id", "customer_key", "decided_ms") if not decision.get(name)]
    if missing:
        raise Permanent(f"A decision has no {', '.join(missing)}", reason="incomplete_decision")
    decided_ms = int(decision["decided_ms"])
    return _Offer(
        decision_id=str(decision["decision_id"]),
        customer_key=str(decision["customer_key"]),
        is_treated=decision["treatment"] == _TREATED,
        decided_ms=decided_ms,
        until_ms=int(decision.get("measure_until_ms") or decided_ms + 3 * DAY_MS),
        product_id=_offered_product(decision),
    )


def _offered_product(decision: dict[str, Any]) -> str | None:
    """Return what the offer is about: what the action says, else what its evidence is about; None: a coupon."""
    action = dict(decision.get("action") or {})
    action |= dict(action.get("values") or {})
    said = _product_in(action)
    if said:
        return said
    for feature in decision.get("features") or ():
        if feature.get("name") == "best_product" and feature.get("value") in BY_ID:
            return str(feature["value"])
    for evidence in reversed(tuple(decision.get("evidence") or ())):
        found = _product_in(dict(evidence.get("properties") or {}))
        if found:
            return found
    return None


def _product_in(properties: dict[str, Any]) -> str | None:
    for name in ("product_id", "product", "best_product"):
        if properties.get(name) in BY_ID:
            return str(properties[name])
    if properties.get("product_type") in BY_TYPE:
        return BY_TYPE[str(properties["product_type"])][0].product_id
    return _LINES.get(str(properties.get("line")))


def _rates(
    path: Path, customer_key: Callable[[str], str], wanted: Mapping[str, object]
) -> Iterator[tuple[str, dict[str, Rate]]]:
    """Yield the rates of the wanted customers, one customer at a time."""
    if not path.exists():
        raise Permanent("There is no truth of a demo bank here; generate one first", reason="no_truth", file=path.name)
    decoder = msgspec.json.Decoder(Rate)
    current, rates = "", dict[str, Rate]()
    with path.open("rb") as lines:
        for line in lines:
            rate = decoder.decode(line)
            if rate.customer_no != current:
                if rates and customer_key(current) in wanted:
                    yield current, rates
                current, rates = rate.customer_no, {}
            rates[rate.product_id] = rate
    if rates and customer_key(current) in wanted:
        yield current, rates


def _answers(offer: _Offer, customer_no: str, rates: dict[str, Rate]) -> Iterator[tuple[int, str, bytes]]:
    for at_ms, event, properties in _events(offer, rates):
        message_id = content_id("answer", offer.decision_id, event)
        yield at_ms, message_id, _line(at_ms, message_id, event, customer_no, properties)


def _events(offer: _Offer, rates: dict[str, Rate]) -> Iterator[tuple[int, str, dict[str, object]]]:
    buys = _draw(offer, "buy")
    product_id = offer.product_id
    rate = rates.get(product_id) if product_id else None
    if not offer.is_treated:
        if rate is not None and buys < rate.base:
            yield _at(offer, "buy", 6 * HOUR_MS, 3 * DAY_MS), "product.subscribed", _bought(rate.product_id)
        return
    accepts = buys < (rate.base + rate.uplift if rate else _COUPON_SHARE)
    decision: dict[str, object] = {"decision_id": offer.decision_id}
    opened_ms = _at(offer, "open", 3 * MINUTE_MS, 5 * HOUR_MS)
    if accepts or _draw(offer, "opened") < _OPEN_SHARE:
        yield opened_ms, "offer.opened", decision
    if accepts:
        accepted_ms = opened_ms + 2 * MINUTE_MS
        value = float(BY_ID[rate.product_id].usual_amount) if rate else 0.0
        about = {"product_id": rate.product_id} if rate else {}
        yield accepted_ms, "offer.accepted", {**decision, **about, "value": value}
        if rate is not None:
            yield accepted_ms + 4 * MINUTE_MS, "product.subscribed", {**_bought(rate.product_id), **decision}
    elif _draw(offer, "declined") < _DECLINE_SHARE:
        yield opened_ms + MINUTE_MS, "offer.declined", decision


def _bought(product_id: str) -> dict[str, object]:
    product = BY_ID[product_id]
    return {"product_id": product_id, "product_type": product.product_type, "amount": product.usual_amount}


def _draw(offer: _Offer, salt: str) -> float:
    return bucket(offer.decision_id, f"response:{salt}", _FINE) / _FINE


def _at(offer: _Offer, salt: str, earliest_ms: int, latest_ms: int) -> int:
    """Return a moment after the decision and within its measurement window."""
    span = min(latest_ms, max(earliest_ms + 1, offer.until_ms - offer.decided_ms - 10 * MINUTE_MS))
    return offer.decided_ms + earliest_ms + int(_draw(offer, f"{salt}:time") * (span - earliest_ms))


def _line(at_ms: int, message_id: str, event: str, customer_no: str, properties: dict[str, object]) -> bytes:
    times = ("originalTimestamp", 0), ("sentAt", 150), ("receivedAt", 400)
    return json_line(
        {
            "type": "track",
            "messageId": message_id,
            "event": event,
            "userId": customer_no,
            **{name: _iso(at_ms + later_ms) for name, later_ms in times},
            "context": {"platform": "ios"},
            "properties": properties,
        }
    )


def _add_lines(path: Path, lines: dict[str, tuple[int, bytes]]) -> None:
    """Write a day's answers together with those already there, in order of time."""
    merged = dict(lines)
    if path.exists():
        for raw in path.read_bytes().splitlines():
            record = msgspec.json.decode(raw)
            at_ms = to_ms(datetime.fromisoformat(record["originalTimestamp"]))
            merged.setdefault(record["messageId"], (at_ms, raw))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(line + b"\n" for _, line in sorted(merged.values())))


def _iso(at_ms: int) -> str:
    moment = datetime.fromtimestamp(at_ms / 1_000, tz=UTC).astimezone(SEOUL)
    return moment.isoformat(timespec="milliseconds")


def _day(at_ms: int) -> str:
    return _iso(at_ms)[:10]


def _midnight_ms(day: date) -> int:
    return to_ms(datetime(day.year, day.month, day.day, tzinfo=SEOUL))
