"""Delivery: offers handed over at least once, under the decision's id, and receipts kept."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from catalog.engine import Catalog, open_catalog
from hub.clock import DAY_MS, SettableClock, parse_ms
from hub.errors import Misconfigured, Permanent, Transient
from hub.records import Decision, Treatment
from rules.deliver import deliver_forever, deliver_pending
from rules.delivery import open_delivery
from rules.delivery.console import ConsoleDelivery
from rules.delivery.file import FileDelivery
from rules.delivery.webhook import WebhookDelivery

NOW_MS = parse_ms("2026-10-31T12:00:00+09:00")
CLOCK = SettableClock(NOW_MS)


def decision(
    number: int, *, decided_ms: int = NOW_MS, channel: str = "sms", treatment: Treatment = Treatment.TREATED
) -> Decision:
    return Decision(
        decision_id=f"d{number}",
        scenario_id="one",
        scenario_version=1,
        customer_key="cus_kim",
        decided_ms=decided_ms,
        trigger_event_id="e",
        treatment=treatment,
        reason="matched",
        campaign="one",
        action={"channel": channel, "offer": "test", "message": "안녕하세요"},
        evidence=(),
        features=(),
        consent_purpose=None,
    )


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(f"sqlite:///{tmp_path}/catalog.db")
    yield opened
    opened.close()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_offers_are_lines_of_the_day_they_were_decided(tmp_path: Path) -> None:
    delivery = FileDelivery(tmp_path / "offers")
    late_evening = parse_ms("2026-10-30T23:30:00+09:00")
    assert delivery.hand_over(decision(1), NOW_MS).reference == "offers-2026-10-31.jsonl:1"
    delivery.hand_over(decision(2, decided_ms=late_evening), NOW_MS)
    (offer,) = lines(tmp_path / "offers" / "offers-2026-10-30.jsonl")
    assert (offer["decision_id"], offer["action"]["message"], offer["treatment"]) == ("d2", "안녕하세요", "treated")


def test_an_offer_handed_over_twice_is_there_once_also_after_a_restart(tmp_path: Path) -> None:
    first = FileDelivery(tmp_path).hand_over(decision(1), NOW_MS)
    second = FileDelivery(tmp_path).hand_over(decision(1), NOW_MS + 5)
    assert (first.reference, first.decision_id) == (second.reference, second.decision_id)
    assert len(lines(tmp_path / "offers-2026-10-31.jsonl")) == 1


def test_a_torn_line_is_cut_off_and_its_offer_written_again(tmp_path: Path) -> None:
    FileDelivery(tmp_path).hand_over(decision(1), NOW_MS)
    path = tmp_path / "offers-2026-10-31.jsonl"
    path.write_bytes(path.read_bytes() + b'{"decision_id":"d2","scen')
    delivery = FileDelivery(tmp_path)
    assert delivery.hand_over(decision(2), NOW_MS).reference.endswith(":2")
    assert [offer["decision_id"] for offer in lines(path)] == ["d1", "d2"]


def test_a_folder_that_cannot_be_written_is_a_passing_fault(tmp_path: Path) -> None:
    (tmp_path / "offers").write_text("a file, not a folder")
    with pytest.raises(Transient):
        FileDelivery(tmp_path / "offers").hand_over(decision(1), NOW_MS)


def test_everything_treated_is_handed_over_once_and_receipts_are_kept(tmp_path: Path, catalog: Catalog) -> None:
    made = [decision(n) for n in range(450)]
    made += [decision(1_000, treatment=Treatment.CONTROL), decision(1_001, treatment=Treatment.SUPPRESSED)]
    made += [decision(1_002, channel="internal")]
    catalog.decisions.save(made)
    delivery = FileDelivery(tmp_path)
    report = deliver_pending(catalog.decisions, delivery, CLOCK)
    assert (report.handed_over, report.internal, report.refused, report.away) == (450, 1, 0, None)
    assert len(lines(tmp_path / "offers-2026-10-31.jsonl")) == 450
    assert deliver_pending(catalog.decisions, delivery, CLOCK).handed_over == 0
    assert not catalog.decisions.undelivered(10)


class Dial:
    """A delivery that is away for a number of calls, and refuses some decisions for good."""

    name = "dial"

    def __init__(self, away: int = 0, refuses: frozenset[str] = frozenset()) -> None:
        self.away, self.refuses, self.taken = away, refuses, list[str]()

    def hand_over(self, made: Decision, now_ms: int) -> Any:
        if made.decision_id in self.refuses:
            raise Permanent("No.", reason="webhook_refused")
        if self.away:
            self.away -= 1
            raise Transient("Away.", reason="webhook_away")
        self.taken.append(made.decision_id)
        return ConsoleDelivery(io.StringIO()).hand_over(made, now_ms)


def test_a_channel_that_is_away_gets_the_rest_later_and_nothing_twice(catalog: Catalog) -> None:
    catalog.decisions.save([decision(n) for n in range(5)])
    dial = Dial(away=1)
    assert deliver_pending(catalog.decisions, dial, CLOCK).away == "webhook_away"
    assert deliver_pending(catalog.decisions, dial, CLOCK).handed_over == 5
    assert dial.taken == [f"d{n}" for n in range(5)]


def test_an_offer_refused_for_good_becomes_a_dead_letter_and_holds_up_nobody(catalog: Catalog) -> None:
    catalog.decisions.save([decision(n) for n in range(3)])
    dial = Dial(refuses=frozenset({"d1"}))
    report = deliver_pending(catalog.decisions, dial, CLOCK, dead_letters=catalog.dead_letters)
    assert (report.handed_over, report.refused) == (2, 1)
    (letter,) = catalog.dead_letters.list(feed="delivery")
    assert (letter.reason, letter.provenance.object) == ("webhook_refused", "d1")
    assert not catalog.decisions.undelivered(10)
    receipts = {receipt.decision_id: receipt.channel for _, receipt in catalog.decisions.receipts()}
    assert receipts["d1"] == "dial:refused"


def test_the_loop_goes_on_after_the_channel_was_away(catalog: Catalog) -> None:
    catalog.decisions.save([decision(n) for n in range(3)])
    dial, stop = Dial(away=2), threading.Event()
    reports: list[Any] = []

    def seen(report: Any) -> None:
        reports.append(report)
        if report.handed_over:
            stop.set()

    deliver_forever(catalog.decisions, dial, CLOCK, stop, poll_s=0.001, on_report=seen)
    assert [report.away for report in reports] == ["webhook_away", "webhook_away", None]
    assert dial.taken == ["d0", "d1", "d2"]


class Receiver(ThreadingHTTPServer):
    """A real receiver that answers what it is told to, then 200."""

    def __init__(self, answers: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.answers, self.got = answers, list[tuple[str, dict[str, Any]]]()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/offers"


class _Post(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.got.append((self.headers["Idempotency-Key"], body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("X-Reference", "r-17")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver([])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_webhook_gets_the_offer_with_its_idempotency_key(receiver: Receiver) -> None:
    receipt = WebhookDelivery(receiver.url).hand_over(decision(1), NOW_MS)
    assert (receipt.channel, receipt.reference) == ("webhook", "r-17")
    ((key, body),) = receiver.got
    assert (key, body["decision_id"], body["action"]["offer"]) == ("d1", "d1", "test")
    assert "evidence" not in body


@pytest.mark.parametrize("answer", [429, 500, 503])
def test_a_busy_webhook_is_tried_again_under_the_same_key(receiver: Receiver, answer: int) -> None:
    receiver.answers[:] = [answer, answer]
    WebhookDelivery(receiver.url, longest_wait_s=0.01).hand_over(decision(1), NOW_MS)
    assert [key for key, _ in receiver.got] == ["d1"] * 3


def test_a_webhook_that_stays_busy_is_a_passing_fault(receiver: Receiver) -> None:
    receiver.answers[:] = [503] * 3
    with pytest.raises(Transient) as caught:
        WebhookDelivery(receiver.url, longest_wait_s=0.01).hand_over(decision(1), NOW_MS)
    assert caught.value.reason == "webhook_busy"


@pytest.mark.parametrize("answer", [400, 401, 410, 301])
def test_a_webhook_that_refuses_is_not_asked_again(receiver: Receiver, answer: int) -> None:
    receiver.answers[:] = [answer]
    with pytest.raises(Permanent):
        WebhookDelivery(receiver.url).hand_over(decision(1), NOW_MS)
    assert len(receiver.got) == 1


def test_a_webhook_that_is_not_there_is_a_passing_fault() -> None:
    with pytest.raises(Transient):
        WebhookDelivery("http://127.0.0.1:9/", attempts=2, longest_wait_s=0.01).hand_over(decision(1), NOW_MS)


def test_the_console_shows_one_line_per_offer() -> None:
    stream = io.StringIO()
    ConsoleDelivery(stream).hand_over(decision(1), NOW_MS + DAY_MS)
    assert json.loads(stream.getvalue())["decision_id"] == "d1"


def test_the_kind_of_delivery_is_a_setting(tmp_path: Path) -> None:
    assert open_delivery("file", offers_dir=tmp_path).name == "file"
    assert open_delivery("console", offers_dir=tmp_path).name == "console"
    assert open_delivery("webhook", offers_dir=tmp_path, webhook_url="http://127.0.0.1:9/").name == "webhook"
    with pytest.raises(Misconfigured, match="HUB_RULES__WEBHOOK_URL"):
        open_delivery("webhook", offers_dir=tmp_path)
    with pytest.raises(Misconfigured, match="HUB_RULES__DELIVERY"):
        open_delivery("pigeon", offers_dir=tmp_path)
