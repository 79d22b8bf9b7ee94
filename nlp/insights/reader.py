"""The call reader of the hub: facts of a transcript from lexicons and rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from hub.ports import Redactor
from hub.records import CallFact, Transcript, Turn
from nlp import data_files
from nlp.insights.knowledge import InsightKnowledge, Label, load_insights
from nlp.insights.lexicon import Hits
from nlp.insights.sentences import Sentence, sentences

CARRIED = ("loan", "deposit", "card", "insurance", "account", "channel", "branch", "document", "contact")
"""Concepts that a caller need not repeat: 적금 하나 들려고요. 금리가 어떻게 돼요?"""
CARRIED_WEIGHT = 0.8


class _Said(msgspec.Struct, frozen=True):
    turn: Turn
    sentence: Sentence
    hits: Hits
    before: Hits

    @property
    def by_customer(self) -> bool:
        return self.turn.role.upper() != "AGENT"


class LexiconCallReader:
    """Reads intents, life events, complaints, products and cues; ``redactor`` masks the sentences it quotes."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any lexicon, rule or line of code."""
        return f"call-{data_files.fingerprint('insights', 'personal_data')}"

    @cached_property
    def _knowledge(self) -> InsightKnowledge:
        return load_insights()

    def facts(self, transcript: Transcript) -> list[CallFact]:
        """Return facts in order of time; of one kind and label the surest of the call, sentences redacted."""
        best: dict[tuple[str, str], CallFact] = {}
        masked: dict[str, str] = {}
        for said, kind, label, score, decided_by in self._found(transcript):
            text = said.sentence.text
            if text not in masked:
                masked[text] = self._redactor.redact(text, transcript.language)
            fact = CallFact(
                kind=kind,
                label=label,
                turn_id=said.turn.turn_id,
                role=said.turn.role,
                sentence=masked[text],
                start_ms=said.sentence.start_ms,
                end_ms=said.sentence.end_ms,
                confidence=round(score * _heard(said.turn), 3),
                decided_by=decided_by,
            )
            known = best.get((kind, label))
            if known is None or fact.confidence > known.confidence:
                best[kind, label] = fact
        return sorted(best.values(), key=lambda f: (f.start_ms, f.turn_id, f.kind, f.label))

    def _found(self, transcript: Transcript) -> Iterator[tuple[_Said, str, str, float, str]]:
        previous_complaint: Hits = {}
        for said in self._sentences(transcript):
            for label, score in self._products(said):
                yield said, "product", label, score, f"lexicon:product/{label}"
            if not said.by_customer:
                continue
            for kind in ("intent", "life_event", "cue"):
                for label_, score, rule in self._labels(self._knowledge.labels[kind], said):
                    yield said, kind, label_.name, score, f"lexicon:{kind}/{label_.name}:{rule}"
            complaint = self._complaint(said, previous_complaint)
            if complaint:
                yield said, "complaint", *complaint
            previous_complaint = said.hits

    def _sentences(self, transcript: Transcript) -> Iterator[_Said]:
        before: Hits = {}
        for turn in transcript.turns:
            for sentence in sentences(turn):
                hits = self._knowledge.lexicon.find(sentence.text)
                yield _Said(turn, sentence, hits, before)
                before = hits if any(concept in hits for concept in CARRIED) else {}

    def _products(self, said: _Said) -> Iterator[tuple[str, float]]:
        for name in self._knowledge.products:
            found = said.hits.get(f"product:{name}")
            if found:
                yield name, max(hit.score for hit in found)

    def _labels(self, labels: Sequence[Label], said: _Said) -> list[tuple[Label, float, str]]:
        """Return the labels that hold, without those another one of the same sentence wins over."""
        holding = [(label, *found) for label in labels if (found := _best_rule(label, said.hits))]
        if not holding and said.before and not any(concept in said.hits for concept in CARRIED):
            carried = {c: hits for c, hits in said.before.items() if c in CARRIED}
            both = {**carried, **said.hits}
            holding = [
                (label, found[0] * CARRIED_WEIGHT, found[1]) for label in labels if (found := _best_rule(label, both))
            ]
        beaten = {name for label, _, _ in holding for name in label.over}
        return [item for item in holding if item[0].name not in beaten]

    def _complaint(self, said: _Said, previous: Hits) -> tuple[str, float, str] | None:
        knowledge = self._knowledge
        signs = [(rule.score(said.hits), rule.text) for rule in knowledge.complaint_signs]
        score, sign = max(signs, default=(0.0, ""))
        if not score:
            return None
        for hits, weight in ((said.hits, 1.0), (previous, CARRIED_WEIGHT)):
            for label in knowledge.labels["complaint"]:
                found = _best_rule(label, hits)
                if found:
                    return label.name, score * weight, f"lexicon:complaint/{label.name}:{sign}"
        return knowledge.complaint_fallback, score, f"lexicon:complaint/{knowledge.complaint_fallback}:{sign}"


def _best_rule(label: Label, hits: Hits) -> tuple[float, str] | None:
    score, text = max(((rule.score(hits), rule.text) for rule in label.rules), default=(0.0, ""))
    return (score, text) if score else None


def _heard(turn: Turn) -> float:
    """Return the weight of how surely a turn was recognised: 1 where that is not known, never below 0.7."""
    return max(0.7, min(1.0, turn.confidence)) if turn.confidence else 1.0
