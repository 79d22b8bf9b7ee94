"""Closes diaries: every customer's records become rows of the sources and lines of truth."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from random import Random
from types import TracebackType

from demo.customer import Customer
from demo.diary import Diary
from demo.lines import MEMO_HEADER, csv_row, json_line, segment_line
from demo.memo import Posting, printed
from demo.needs import needs
from demo.period import Period
from demo.session import MIDDLE, NEVER, Session
from demo.spool import MAX_BYTES, DaySpool
from demo.uplift import uplifts

MASTER_HEADERS = {
    "customers": "customer_no,name,sex,birth_date,phone,email,address,region,occupation,segment,consultant_id,joined_on",
    "accounts": "account_no,customer_no,kind,opened_on,status,credit_limit",
    "products": "product_id,name_ko,name_en,product_type,rate,owner",
    "holdings": "holding_id,customer_no,product_id,opened_on,matures_on,amount",
    "merchants": "merchant_id,brand,branch,category,region",
    "consents": "customer_no,purpose,granted_at,withdrawn_at",
    "consultants": "consultant_id,name,email,phone",
}
TRUTHS = ("memos", "needs", "uplift", "stories")
_KNOWN_DEVICE_SHARE = 0.5
_RESENT_SHARE, _OFFLINE_SHARE = 0.003, 0.004
_TYPES = {"screen.viewed": "page", "customer.identified": "identify"}


class Ledger:
    """All files of a demo bank but its recordings, open for writing."""

    def __init__(self, source: Path, truth: Path, period: Period, spool_bytes: int = MAX_BYTES) -> None:
        self._source, self._truth, self._period = source, truth, period
        self._stack = ExitStack()
        scratch = truth / ".spool"
        self.memos = DaySpool(scratch / "memos", period.days, spool_bytes)
        self.web = DaySpool(scratch / "web", period.days, spool_bytes)
        self.core = DaySpool(scratch / "core", period.days, spool_bytes)
        self.counts: dict[str, int] = dict.fromkeys(
            (*MASTER_HEADERS, "memos", "web_lines", "web_repeats", "core_lines", "subscriptions"), 0
        )

    def __enter__(self) -> Ledger:
        for folder in (self._source / "master", self._source / "memos", self._source / "logs", self._truth):
            folder.mkdir(parents=True, exist_ok=True)
        self._master = {
            name: self._stack.enter_context((self._source / "master" / f"{name}.csv").open("wb"))
            for name in MASTER_HEADERS
        }
        for name, header in MASTER_HEADERS.items():
            self._master[name].write(header.encode() + b"\n")
        self._truths = {name: self._stack.enter_context((self._truth / f"{name}.jsonl").open("wb")) for name in TRUTHS}
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def master(self, table: str, *fields: object) -> None:
        """Write one row of master data."""
        self._master[table].write(csv_row(*fields) + b"\n")
        self.counts[table] += 1

    def true(self, name: str, record: object) -> None:
        """Write one line of truth."""
        self._truths[name].write(json_line(record) + b"\n")

    def finish(self) -> None:
        """Sort and write the daily files."""
        names = self._period.names
        self.memos.write([self._source / "memos" / f"memos-{n}.csv" for n in names], MEMO_HEADER)
        self.web.write([self._source / "logs" / f"web-{n}.jsonl" for n in names])
        self.core.write([self._source / "logs" / f"core-{n}.jsonl" for n in names])

    def close_diary(self, diary: Diary, random: Random) -> None:
        """Write everything a customer is and did."""
        self._write_master(diary.customer)
        self._write_needs(diary.customer)
        self._write_postings(diary)
        self._write_sessions(diary, random)
        self._write_business(diary, random)
        self.counts["subscriptions"] += len(diary.subscriptions)
        for story, role in diary.customer.roles:
            self.true("stories", {"customer_no": diary.customer.customer_no, "story": story, "role": role})

    def _write_master(self, c: Customer) -> None:
        self.master(
            "customers", c.customer_no, c.name, c.sex, c.birth_date, c.phone, c.email, c.address, c.region,
            c.occupation, c.segment, c.consultant_id, c.joined_on,
        )  # fmt: skip
        for account in c.accounts:
            limit = account.credit_limit
            self.master("accounts", account.account_no, c.customer_no, account.kind, account.opened_on, "open", limit)
        for number, h in enumerate(c.holdings):
            holding_id = f"H{c.index + 1:07d}{number:02d}"
            product_id = h.product.product_id
            self.master("holdings", holding_id, c.customer_no, product_id, h.opened_on, h.matures_on, h.amount)
        for consent in c.consents:
            self.master("consents", c.customer_no, consent.purpose, consent.granted_at, consent.withdrawn_at)

    def _write_needs(self, c: Customer) -> None:
        states = [(self._period.names[0], "start", False)]
        if c.life_event:
            states.append((self._period.names[c.life_event_day], c.life_event, True))
        for day, cause, after in states:
            wanted = {k: round(v, 4) for k, v in needs(c, self._period, after_event=after).items()}
            self.true("needs", {"customer_no": c.customer_no, "from": day, "cause": cause, "needs": wanted})
        for product_id, uplift, base in uplifts(c, self._period):
            record = {"customer_no": c.customer_no, "product_id": product_id, "uplift": uplift, "base": base}
            self.true("uplift", record)

    def _write_postings(self, diary: Diary) -> None:
        customer, period = diary.customer, self._period
        postings = sorted(diary.postings)
        balance = _opening_balance(postings, customer.lump_sum)
        for number, posting in enumerate(postings):
            account = customer.account(posting.account_kind)
            assert account is not None
            if posting.account_kind == "checking":
                balance += posting.amount if posting.direction == "in" else -posting.amount
            txn_id = f"T{customer.index + 1:07d}{number:05d}"
            memo = printed(posting.memo.text, customer.memo_limit)
            row = csv_row(
                txn_id, account.account_no, customer.customer_no, period.iso(posting.at_ms), posting.amount, "KRW",
                posting.direction, posting.method, memo, balance if posting.account_kind == "checking" else None,
            )  # fmt: skip
            self.memos.add(period.day_of(posting.at_ms), posting.at_ms, row)
            self.true("memos", {"txn_id": txn_id, **posting.memo._asdict(), "text": memo})
        self.counts["memos"] += len(postings)

    def _write_sessions(self, diary: Diary, random: Random) -> None:
        known: set[str] = set()
        for session in sorted(diary.sessions, key=lambda s: (s.started_ms, s.session_id)):
            self._write_session(diary.customer, session, random, known)

    def _write_session(self, customer: Customer, session: Session, random: Random, known: set[str]) -> None:
        device = _device_id(customer, session.platform)
        clicks = [c for c in session.clicks if self._period.covers(c.at_ms)]
        if not clicks:
            return
        identified_at = _login_index(session, len(clicks), device in known, random)
        for number, click in enumerate(clicks):
            if number == identified_at and identified_at > 0:
                properties: dict[str, object] = {"session_id": session.session_id}
                at_ms = click.at_ms - 1_000
                self._click(random, at_ms, "customer.identified", device, customer.customer_no, session, properties)
                known.add(device)
            user = customer.customer_no if 0 <= identified_at <= number else None
            self._click(random, click.at_ms, click.type, device, user, session, click.properties)

    def _click(
        self, random: Random, at_ms: int, event: str, device: str, user: str | None, session: Session,
        properties: dict[str, object],
    ) -> None:  # fmt: skip
        sent = random.randrange(20, 1_500)
        received = sent + random.randrange(30, 600)
        if random.random() < _OFFLINE_SHARE:
            sent += random.randrange(600_000, 10_800_000)
            received = sent + 400
        line = segment_line(
            self._period,
            at_ms,
            sent,
            received,
            kind=_TYPES.get(event, "track"),
            message_id=f"{random.getrandbits(96):024x}",
            event=event,
            anonymous_id=device,
            user_id=user,
            platform=session.platform,
            properties=properties,
        )
        day = min(self._period.day_of(at_ms + received), self._period.days - 1)
        self.web.add(day, at_ms + received, line)
        self.counts["web_lines"] += 1
        if random.random() < _RESENT_SHARE:
            self.web.add(day, at_ms + received, line)
            self.counts["web_lines"] += 1
            self.counts["web_repeats"] += 1

    def _write_business(self, diary: Diary, random: Random) -> None:
        for event in sorted(diary.business_events, key=lambda e: e.at_ms):
            record = {
                "id": f"{random.getrandbits(96):024x}",
                "type": event.type,
                "channel": event.channel,
                "occurred_at": self._period.iso(event.at_ms),
                "customer_no": diary.customer.customer_no,
                "properties": event.properties,
            }
            self.core.add(self._period.day_of(event.at_ms), event.at_ms, json_line(record))
            self.counts["core_lines"] += 1


def _device_id(customer: Customer, platform: str) -> str:
    drawn = Random(f"device:{customer.index}:{platform}").getrandbits(64)
    return f"anon-{drawn:016x}"


def _login_index(session: Session, clicks: int, is_known: bool, random: Random) -> int:
    """Return before which click the visitor logs in: 0 when the device still knows them, -1 for never."""
    if session.login == NEVER:
        return -1
    if is_known and random.random() < _KNOWN_DEVICE_SHARE:
        return 0
    if clicks == 1:
        return 0 if is_known else -1
    return max(1, clicks // 2) if session.login == MIDDLE else 1


def _opening_balance(postings: list[Posting], lump_sum: int) -> int:
    """Return a balance to begin with that never runs out."""
    running = lowest = 0
    for posting in postings:
        if posting.account_kind == "checking":
            running += posting.amount if posting.direction == "in" else -posting.amount
            lowest = min(lowest, running)
    return lump_sum - lowest
