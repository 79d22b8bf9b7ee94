"""The call reader of the hub: facts of a transcript from lexicons and rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import msgspec

from hub.ports import Redactor
from hub.records import CallFact, Transcript, Turn
from nlp import data_files
from nlp.insights import examples, verdicts
from nlp.insights.commitments import day_undertaken, is_undertaken
from nlp.insights.denials import denied, without
from nlp.insights.knowledge import InsightKnowledge, Label, load_insights
from nlp.insights.lexicon import Hits
from nlp.insights.moods import mood_of
from nlp.insights.rules import Rule
from nlp.insights.sentences import Sentence, sentences
from nlp.insights.whose import is_hearsay, is_own

CARRIED = ("loan", "deposit", "card", "insurance", "account", "channel", "branch", "document", "contact")
"""Concepts that a caller need not repeat: 적금 하나 들려고요. 금리가 어떻게 돼요?"""
CARRIED_WEIGHT = 0.8
SIGN = 1.2
"""How far a sign of a complaint (rules of complaints.yaml) counts beside examples."""
_NO_LIFE_EVENT = frozenset({"not_yet", "not_marry", "not_study", "not_retire"})
_OF_OTHERS = frozenset({"fraud_cue", "churn_cue", "fraud_report"})
"""Kinds and labels that are no matter of the bank's where they befell a friend or were in the news."""
_JUDGED = ("intent", "life_event", "churn_cue", "fraud_cue")
"""Kinds that rules and examples tell together."""
_ONE_A_SENTENCE = frozenset({"sentiment", "outcome", "action_item", "promise", "follow_up"})
"""Kinds of which a call may have many of one label; of the others the surest is kept."""


class Said(msgspec.Struct, frozen=True):
    """A sentence in its turn, what was heard in it and in the one before.

    ``meant`` is it without what it denies, ``around`` the same with its neighbours in the turn.
    """

    turn: Turn
    sentence: Sentence
    meant: str
    hits: Hits
    before: Hits
    around: str = ""
    heard_around: frozenset[str] = frozenset()

    def like(self, kind: str) -> examples.Scores:
        """Return how like the labels of a kind the sentence is."""
        return examples.likeness(self.meant, self.hits).get(kind, {})

    def like_around(self, kind: str) -> examples.Scores:
        """Return how like the labels of a kind the sentence is with its neighbours; empty where it has none."""
        return examples.likeness(self.around, self.heard_around).get(kind, {}) if self.around else {}

    @property
    def role(self) -> str:
        """AGENT or CUSTOMER; whoever is not the agent is the caller."""
        return "AGENT" if self.turn.role.upper() == "AGENT" else "CUSTOMER"


class _Found(msgspec.Struct, frozen=True):
    said: Said
    kind: str
    label: str
    score: float
    decided_by: str
    value: str = ""
    likeness: float = 0.0
    holds: bool = True


class LexiconCallReader:
    """Reads the facts of a call; ``redactor`` masks the sentences it quotes, days are those of ``timezone_offset_hours``."""

    def __init__(self, redactor: Redactor, *, timezone_offset_hours: float = 9.0) -> None:
        self._redactor = redactor
        self._offset = timedelta(hours=timezone_offset_hours)

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any lexicon, example, rule or line of code, and with the redactor."""
        own = data_files.fingerprint("insights", "personal_data")
        return "-".join(filter(None, ("call", own, getattr(self._redactor, "version", ""))))

    @cached_property
    def _knowledge(self) -> InsightKnowledge:
        return load_insights()

    def facts(self, transcript: Transcript, started_ms: int | None = None) -> list[CallFact]:
        """Return facts in order of time; of one kind and label the surest of the call, sentences redacted.

        Sentiment comes once a turn; promises, follow-ups, action items and outcomes as often as they are said.
        """
        today = self._day(started_ms)
        best: dict[tuple[str, ...], CallFact] = {}
        masked: dict[str, str] = {}
        for found in self._found(transcript, today):
            text = found.said.sentence.text
            if text not in masked:
                masked[text] = self._redactor.redact(text, transcript.language)
            fact = _fact(found, masked[text])
            apart = (str(fact.turn_id), str(fact.start_ms)) if fact.kind in _ONE_A_SENTENCE else ()
            known = best.get((fact.kind, fact.label, *apart))
            if known is None or fact.confidence > known.confidence:
                best[fact.kind, fact.label, *apart] = fact
        return sorted(best.values(), key=lambda f: (f.start_ms, f.turn_id, f.kind, f.label))

    def _day(self, started_ms: int | None) -> date | None:
        if started_ms is None:
            return None
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=started_ms) + self._offset).date()

    def _found(self, transcript: Transcript, today: date | None) -> Iterator[_Found]:
        told = [(said, self._of_sentence(said, today)) for said in self._sentences(transcript)]
        wishes = _wishes([f for _, found in told for f in found if f.kind == "intent"])
        previous: Hits = {}
        is_issue_open = True
        for said, found in told:
            found = [f for f in found if f.kind != "intent" or f in wishes]
            if said.role == "CUSTOMER":
                found += self._complaint(said, previous)
                previous = said.hits
                issue = next((f for f in found if f.kind in ("intent", "complaint")), None) if is_issue_open else None
                if issue is not None:
                    is_issue_open = False
                    found.append(msgspec.structs.replace(issue, kind="issue"))
            yield from found
        yield from self._moods(transcript)

    def _sentences(self, transcript: Transcript) -> Iterator[Said]:
        before: Hits = {}
        for turn in transcript.turns:
            told: list[Said] = []
            for sentence in sentences(turn):
                meant = sentence.text
                if spans := denied(meant):
                    before = _carried(self._knowledge.lexicon.find(meant)) or before
                    meant = without(meant, spans)
                hits = self._knowledge.lexicon.find(meant)
                told.append(Said(turn, sentence, meant, hits, before))
                before = (hits if _carried(hits) else {}) or (before if spans else {})
            yield from _with_neighbours(told)

    def _of_sentence(self, said: Said, today: date | None) -> list[_Found]:
        found = [*self._products(said), *self._outcomes(said), *self._commitments(said, today)]
        if said.role == "CUSTOMER":
            is_follow_up = any(f.kind == "follow_up" for f in found)
            for kind in _JUDGED:
                judged = self._judged(kind, said)
                found += [f for f in judged if not is_follow_up or f.decided_by.startswith("lexicon:")]
            found += self._competitors(said, is_leaving=any(f.kind == "churn_cue" for f in found))
        return found

    def _products(self, said: Said) -> Iterator[_Found]:
        for name in self._knowledge.products:
            hits = said.hits.get(f"product:{name}")
            if hits:
                yield _Found(said, "product", name, max(hit.score for hit in hits), f"lexicon:product/{name}")

    def _competitors(self, said: Said, *, is_leaving: bool) -> Iterator[_Found]:
        known = self._knowledge.competitors
        is_payee = known.unless & said.hits.keys() and not known.despite & said.hits.keys()
        if is_payee and not is_leaving:
            return
        for name in known.names:
            hits = said.hits.get(f"competitor:{name}")
            if hits:
                yield _Found(said, "competitor", name, max(hit.score for hit in hits), f"lexicon:competitor/{name}")

    def _outcomes(self, said: Said) -> Iterator[_Found]:
        if said.role in self._knowledge.roles["outcome"]:
            for label, score, rule in self._labels(self._knowledge.labels["outcome"], said):
                yield _Found(said, "outcome", label.name, score, f"lexicon:outcome/{label.name}:{rule.text}")

    def _judged(self, kind: str, said: Said) -> list[_Found]:
        """Return what rules and examples say together: the labels that hold, of wishes else the likeliest."""
        ruled = {label.name: rule for label, _, rule in self._labels(self._knowledge.labels[kind], said)}
        found: list[_Found] = []
        for verdict in verdicts.verdicts(kind, said.like(kind), said.like_around(kind), ruled):
            rule = ruled.get(verdict.label)
            if not _concerns_bank(kind, verdict.label, rule, said):
                continue
            if verdict.holds or (kind == "intent" and not found):
                by = f"lexicon:{kind}/{verdict.label}:{rule.text}" if rule else f"examples:{kind}/{verdict.label}"
                found.append(
                    _Found(said, kind, verdict.label, verdict.confidence, by, "", verdict.score, verdict.holds)
                )
        return found

    def _commitments(self, said: Said, today: date | None) -> Iterator[_Found]:
        """Yield what somebody undertakes, once as a promise or follow-up and once as an action item."""
        if not is_undertaken(said.sentence.text):
            return
        held = self._labels(self._knowledge.labels["commitment"], said)
        day = day_undertaken(said.sentence.text, today)
        if not held:
            return
        label, score, rule = max(held, key=lambda item: item[1])
        # "I will check that" without a day is politeness; "we will call you back" is a promise.
        if not day and (said.role == "CUSTOMER" or label.name == "process"):
            return
        kind = "promise" if said.role == "AGENT" else "follow_up"
        yield _Found(said, kind, label.name, score, f"lexicon:commitment/{label.name}:{rule.text}", day)
        yield _Found(said, "action_item", label.name, score, f"lexicon:commitment/{label.name}:{rule.text}", day)

    def _labels(self, labels: Sequence[Label], said: Said) -> list[tuple[Label, float, Rule]]:
        """Return the labels that hold, without those another one of the same sentence wins over."""
        holding = [(label, *found) for label in labels if (found := _best_rule(label, said.hits))]
        if not holding and said.before and not any(concept in said.hits for concept in CARRIED):
            both = {**_carried(said.before), **said.hits}
            holding = [
                (label, found[0] * CARRIED_WEIGHT, found[1]) for label in labels if (found := _best_rule(label, both))
            ]
        beaten = {name for label, _, _ in holding for name in label.over}
        return [item for item in holding if item[0].name not in beaten]

    def _complaint(self, said: Said, previous: Hits) -> list[_Found]:
        """Return what a sentence complains about, by rules and examples: at most one object."""
        knowledge = self._knowledge
        signs = [(rule.score(said.hits), rule.text) for rule in knowledge.complaint_signs]
        score, sign = max(signs, default=(0.0, ""))
        about, weight = "", 1.0
        for hits, carried in ((previous, CARRIED_WEIGHT), (said.hits, 1.0)):
            label = next((label for label in knowledge.labels["complaint"] if _best_rule(label, hits)), None)
            if label is not None:
                about, weight = label.name, carried
        like, around = said.like("complaint"), said.like_around("complaint")
        favour = SIGN if score else 0.0
        best = next(iter(verdicts.verdicts("complaint", like, around, (), favour)), None)
        if best is not None and best.holds:
            best = verdicts.verdicts("complaint", like, around, {about} - {""}, favour)[0]
            return [_Found(said, "complaint", best.label, best.confidence, f"examples:complaint/{best.label}")]
        if not score or like:
            return []
        about = about or knowledge.complaint_fallback
        return [_Found(said, "complaint", about, score * weight, f"lexicon:complaint/{about}:{sign}")]

    def _moods(self, transcript: Transcript) -> Iterator[_Found]:
        for turn in transcript.turns:
            mood = mood_of(turn.text)
            told = list(sentences(turn))
            place = 0
            for sentence in told:
                place = turn.text.find(sentence.text, place) + len(sentence.text)
                if place > mood.place or sentence is told[-1]:
                    said = Said(turn, sentence, "", {}, {})
                    yield _Found(said, "sentiment", mood.label, 1.0, "lexicon:sentiment", str(mood.score))
                    break


def _fact(found: _Found, sentence: str) -> CallFact:
    return CallFact(
        kind=found.kind,
        label=found.label,
        turn_id=found.said.turn.turn_id,
        role=found.said.turn.role,
        sentence=sentence,
        start_ms=found.said.sentence.start_ms,
        end_ms=found.said.sentence.end_ms,
        confidence=round(found.score * _heard(found.said.turn), 3),
        decided_by=found.decided_by,
        value=found.value,
    )


def _carried(hits: Hits) -> Hits:
    return {concept: found for concept, found in hits.items() if concept in CARRIED}


def _with_neighbours(told: list[Said]) -> Iterator[Said]:
    for place, said in enumerate(told):
        near = told[max(0, place - 1) : place + 2]
        heard = frozenset(concept for one in near for concept in one.hits)
        around = " ".join(one.meant for one in near) if len(near) > 1 else ""
        yield msgspec.structs.replace(said, around=around, heard_around=heard)


def _wishes(likely: list[_Found]) -> list[_Found]:
    """Return the wishes that hold, or the likeliest of a call in which none does: few callers want nothing."""
    if held := [wish for wish in likely if wish.holds]:
        return held
    best = max(likely, key=lambda wish: wish.likeness, default=None)
    return [best] if best is not None and best.likeness >= verdicts.AT_LEAST else []


def _best_rule(label: Label, hits: Hits) -> tuple[float, Rule] | None:
    held = [(score, rule) for rule in label.rules if (score := rule.score(hits))]
    return max(held, key=lambda found: found[0], default=None)


def _concerns_bank(kind: str, label: str, rule: Rule | None, said: Said) -> bool:
    """Return whether something is the caller's own: not a friend's wedding, nor a swindle in the news."""
    places = [(hit.start, hit.end) for concept in rule.wanted for hit in said.hits.get(concept, ())] if rule else [None]
    if kind == "life_event":
        if rule is None and _NO_LIFE_EVENT & said.hits.keys():
            return False
        return any(is_own(said.meant, label, place) for place in places)
    if label in ("fraud_report", "scam") and rule is None and "warned" in said.hits:
        return False
    if kind in _OF_OTHERS or label in _OF_OTHERS:
        return not places or not all(is_hearsay(said.meant, place) for place in places)
    return True


def _heard(turn: Turn) -> float:
    """Return the weight of how surely a turn was recognised: 1 where that is not known, never below 0.7."""
    return max(0.7, min(1.0, turn.confidence)) if turn.confidence else 1.0
