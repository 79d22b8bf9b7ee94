"""Put together one reading from what the components found."""

from __future__ import annotations

import re

import msgspec

from nlp.memos.branches import LINK
from nlp.memos.categories import WEAK_BRANDS, Verdict
from nlp.memos.knowledge import PURPOSE, Knowledge
from nlp.memos.parties import Party, PartyReader
from nlp.memos.periods import find_instalment, find_period, mask_numbers
from nlp.memos.records import MemoNotes, MemoReading

_REGULAR = re.compile(r"정기|매월|매달|자동이체|월분|회차|RECURRING|AUTOPAY|MONTHLY", re.IGNORECASE)
_PEER_WALLET = re.compile(r"ZELLE|VENMO|CASH ?APP|FPS\b|FASTER PAYMENT", re.IGNORECASE)
_TRANSFER, _BY_CARD = ("transfer",), ("pos", "card")
_BETWEEN_PEOPLE, _ONLINE = "transfer_person", "online_shopping"
SURE, VERY_SURE = 0.65, 0.8
"""From which probability on the categoriser decides where the rules found nothing, and where they found little."""


def decide(notes: MemoNotes, knowledge: Knowledge, reader: PartyReader) -> MemoReading:
    """Return the reading of one memo."""
    memo = notes.memo
    verdict, party = _who_and_what(notes, knowledge, reader)
    raw = notes.memo.plain
    period, _ = find_period(memo.text)
    instalment, _ = find_instalment(raw, verdict.category)
    is_recurring = knowledge.recurring[verdict.category] or memo.channel == "auto_debit" or bool(_REGULAR.search(raw))
    return MemoReading(
        text=memo.text,
        category=verdict.category,
        counterparty=party.name,
        counterparty_kind=party.kind,
        brand=party.brand,
        branch=party.branch,
        channel=memo.channel,
        period=period,
        instalment=instalment,
        life_event=_life_event(notes, verdict.category, knowledge),
        is_recurring=is_recurring,
        recurrence_key=f"{verdict.category}:{party.name or ''}" if is_recurring else None,
        confidence=verdict.confidence,
        decided_by=verdict.decided_by,
        redacted_memo=_masked(raw, party),
    )


def _who_and_what(notes: MemoNotes, knowledge: Knowledge, reader: PartyReader) -> tuple[Verdict, Party]:
    """Return category and counterparty: of the rules, and of the trained parts where those leave a memo open."""
    if knowledge.surnames_first and _is_surname_first(notes.memo.text, knowledge):
        name = notes.memo.text
        return Verdict(_BETWEEN_PEOPLE, "rule:person", 0.72, "person"), Party(name, "person", persons=(name,))
    party = _read_party(notes, notes.verdict, reader)
    says_nothing = notes.verdict is None and party.name is None and knowledge.common.make_up(notes.memo.text)
    verdict = None if party.kind == "person" or says_nothing else _of_model(notes, knowledge)
    if verdict is not None:
        party = _read_party(notes, verdict, reader)
    if verdict is None and notes.verdict is None and _PEER_WALLET.match(notes.memo.plain):
        if party.name is not None:
            party = Party(party.name, "person", persons=(party.name,))
        return Verdict(_BETWEEN_PEOPLE, "rule:peer", 0.6, "person"), party
    verdict = verdict or notes.verdict
    carried = notes.memo.carried or (_ONLINE if LINK.search(notes.memo.plain) else None)
    if verdict is None and carried and party.kind != "person":
        verdict = Verdict(carried, "rule:carrier", 0.45, "merchant")
        party = msgspec.structs.replace(party, kind="merchant") if party.name else party
    return _with_person(verdict, party, knowledge), party


def _read_party(notes: MemoNotes, verdict: Verdict | None, reader: PartyReader) -> Party:
    memo = notes.memo
    party = reader.read(
        memo.text,
        verdict,
        notes.mentions,
        notes.cues,
        notes.nouns,
        is_organisation=memo.is_organisation,
        by_transfer=memo.channel in _TRANSFER,
        by_card=memo.channel in _BY_CARD,
        by_peer=bool(_PEER_WALLET.match(memo.plain)),
    )
    return reader.with_span(party, memo.text, notes.mentions, notes.cues, notes.span) if notes.span else party


def _of_model(notes: MemoNotes, knowledge: Knowledge) -> Verdict | None:
    """Return the categoriser's verdict where it is sure enough to be heard, None where the rules stand."""
    guess, rules = notes.guess, notes.verdict
    if guess is None or guess.category in (knowledge.fallback, _BETWEEN_PEOPLE):
        return None
    if guess.category not in knowledge.recurring or (rules and rules.category not in guess.chances):
        return None  # a category that is no more, or that the weights do not know yet: the rules stand
    if guess.probability < (SURE if rules is None else VERY_SURE) or (rules and rules.category == guess.category):
        return None
    if any(m.start == 0 and m.end == len(notes.memo.text) and not m.is_truncated for m in notes.mentions):
        return None  # nothing but a known name
    party = knowledge.parties.get(guess.category, "merchant")
    return Verdict(guess.category, "model:textcat", round(0.9 * guess.probability, 2), party)


def _with_person(verdict: Verdict | None, party: Party, knowledge: Knowledge) -> Verdict:
    """Return the verdict: a person and no stronger word means money between people."""
    if party.kind == "person" and (verdict is None or verdict.category in WEAK_BRANDS or _only_carried(verdict)):
        return Verdict(_BETWEEN_PEOPLE, "rule:person", 0.72, "person")
    is_share = verdict is not None and verdict.cue is not None and verdict.cue.strength < PURPOSE
    if party.kind == "person" and verdict is not None and is_share and verdict.category in knowledge.shared:
        return Verdict(_BETWEEN_PEOPLE, f"rule:share+{verdict.decided_by}", 0.72, "person", verdict.cue)
    if verdict is None:
        return Verdict(knowledge.fallback, "rule:fallback", 0.2 if party.name else 0.1, "unknown")
    return verdict


def _only_carried(verdict: Verdict) -> bool:
    """Return whether a payment service decided, which only carried the money."""
    return verdict.category == "online_shopping" and verdict.party == "institution" and verdict.cue is None


def _is_surname_first(text: str, knowledge: Knowledge) -> bool:
    words = text.upper().split()
    return 2 <= len(words) <= 4 and words[0] in knowledge.surnames_first and all(map(str.isalpha, words))


def _life_event(notes: MemoNotes, category: str, knowledge: Knowledge) -> str | None:
    for signal in notes.life_events:
        if category not in signal.not_categories:
            return str(signal.label)
    for signal in knowledge.signals:
        if category in signal.categories:
            return signal.label
    return None


def _masked(raw: str, party: Party) -> str:
    for name in party.persons:
        raw = raw.replace(name, "[PERSON]")
    return mask_numbers(raw)
