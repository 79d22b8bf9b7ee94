"""Three hundred labelled conversations in Korean and English: ``python -m benchmarks.labelled.calls``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.labelled.days import day_of

HERE = Path(__file__).parent
CALLS = 300
# What an angry remark is about is told by the sentence before it, or by nothing.
OBJECTS = {"service", "fee", "staff", "delay", "app", "double_payment", "delivery", "claim", "rate", "login", "billing"}
SPLITS = ("development", "validation", "held_out")
FIRST_DAY = date(2026, 1, 5)


def calls(split: str) -> Iterator[dict[str, Any]]:
    """Yield the conversations of one of ``SPLITS``; each is its own seed."""
    templates = yaml.safe_load((HERE / "templates" / f"calls_{split}.yaml").read_text(encoding="utf-8"))
    for number in range(CALLS):
        yield _Call(templates, Random(f"{split}-{number}"), number).written()


class _Call:
    """One conversation: the reason, what else comes up, a promise, a closing; labels are noted as turns are said.

    ``may`` holds labels that are no mistake and no duty: an angry remark may or may not be read as a complaint.
    """

    def __init__(self, templates: dict[str, Any], dice: Random, number: int) -> None:
        self._templates = templates
        self._dice = dice
        self._number = number
        self._language = "en" if number % 3 == 0 else "ko"
        # Early in the month and in the week, so that "the 28th" and "this Friday" have not passed.
        day = FIRST_DAY + timedelta(days=31 * (number % 11) + dice.randrange(0, 14))
        self._day = day - timedelta(days=max(0, day.weekday() - 2))
        self._turns: list[dict[str, Any]] = []
        self._labels: defaultdict[str, set[str]] = defaultdict(set)
        self._may: defaultdict[str, set[str]] = defaultdict(set)

    def written(self) -> dict[str, Any]:
        """Return the conversation with its labels."""
        self._say("AGENT", self._one("agent", "greets"))
        intents = list(self._templates["intents"])
        self._reason(intents[(self._number // 3) % len(intents)])
        self._say("AGENT", self._one("agent", "asks"))
        for part, share in (("life", 0.4), ("not_life", 0.15), ("competitor", 0.2), ("churn", 0.15), ("fraud", 0.12)):
            if self._dice.random() < share:
                getattr(self, f"_{part}")()
        if self._dice.random() < 0.7:
            self._mood(self._dice.choice(("POSITIVE", "NEGATIVE", "NEUTRAL")))
        self._promise()
        if self._dice.random() < 0.4:
            self._dated("CUSTOMER", self._one("follow_ups"), "follow_up")
        self._say("AGENT", self._one("agent", "closes"))
        return {
            "call_id": f"labelled-{self._number:03}",
            "language": self._language,
            "started": datetime(self._day.year, self._day.month, self._day.day, 5, 30, tzinfo=UTC).isoformat(),
            "turns": self._turns,
            "labels": _listed(self._labels),
            "may": _listed(self._may),
        }

    def _one(self, *path: str) -> Any:  # noqa: ANN401 - templates are plain documents
        place = self._templates
        for name in path:
            place = place[name]
        return self._dice.choice(place[self._language])

    def _say(self, role: str, text: str, *, sentiment: str = "", fact: str = "") -> None:
        words = self._templates["words"]
        for name in words:
            if f"<{name}>" in text:
                text = text.replace(f"<{name}>", self._dice.choice(words[name]))
        mark = "?" if text.endswith(("요", "죠", "까")) and self._dice.random() < 0.3 else "."
        turn = {"role": role, "text": text + mark}
        self._turns.append(turn | ({"sentiment": sentiment} if sentiment else {}) | ({"fact": fact} if fact else {}))

    def _reason(self, intent: str) -> None:
        said = self._one("intents", intent)
        self._labels["intent"].add(intent)
        if isinstance(said, dict):
            self._labels["complaint"].add(said["about"])
            said = said["text"]
        if intent in ("fraud_report", "unknown_payment"):
            self._may["fraud_cue"].add("scam")
        self._say("CUSTOMER", said, sentiment="NEGATIVE" if intent == "complaint" else "", fact="issue")

    def _life(self) -> None:
        event = self._dice.choice(list(self._templates["life_events"]))
        self._labels["life_event"].add(event)
        self._say("CUSTOMER", self._one("life_events", event))

    def _not_life(self) -> None:
        self._say("CUSTOMER", self._one("not_life_events"))

    def _competitor(self) -> None:
        said = self._one("competitors")
        self._labels["competitor"].add(said["is"])
        self._may["churn_cue"].add("leaving")
        self._may["intent"].add("complaint")
        self._may["complaint"] |= OBJECTS
        self._say("CUSTOMER", said["text"])

    def _churn(self) -> None:
        self._labels["churn_cue"].add("leaving")
        self._may["intent"] |= {"complaint", "deposit_cancel"}
        self._may["complaint"] |= OBJECTS
        self._say("CUSTOMER", self._one("churn_cues"))

    def _fraud(self) -> None:
        self._labels["fraud_cue"].add("scam")
        self._may["intent"].add("fraud_report")
        self._say("CUSTOMER", self._one("fraud_cues"))

    def _mood(self, label: str) -> None:
        if label == "NEGATIVE":
            self._may["intent"].add("complaint")
            self._may["complaint"] |= OBJECTS
        self._say("CUSTOMER", self._dice.choice(self._templates["sentiment"][self._language][label]), sentiment=label)

    def _promise(self) -> None:
        if self._dice.random() < 0.5:
            self._dated("AGENT", self._one("agent", "promises"), "promise")
        else:
            self._say("AGENT", self._one("agent", "outcomes"), fact="outcome")

    def _dated(self, role: str, text: str, kind: str) -> None:
        spoken, notation = self._dice.choice(list(self._templates["dates"][self._language].items()))
        day = day_of(notation, self._day)
        self._labels[kind].add(day.isoformat())
        self._say(role, text.replace("<date>", spoken), fact="action_item")


def _listed(labels: dict[str, set[str]]) -> dict[str, list[str]]:
    return {kind: sorted(values) for kind, values in sorted(labels.items())}


def write(split: str, path: Path) -> None:
    """Write the conversations as JSON lines."""
    lines = (json.dumps(call, ensure_ascii=False) for call in calls(split))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    """Write the sets beside this file."""
    for split in SPLITS:
        write(split, HERE / f"calls_{split}.jsonl")


if __name__ == "__main__":
    main()
