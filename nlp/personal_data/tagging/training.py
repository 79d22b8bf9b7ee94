"""Training the tagger: sentences with slots, filled with many names; marked texts; sentences without any of it.

    hub pii train

Sentences are data files beside this module (``training/*.txt``), one a line. ``{N}`` and its like stand for names (``slots``),
``[[ADDRESS:…]]`` and ``[[SECRET:…]]`` mark values; a line without either holds none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from nlp import data_files
from nlp.personal_data.tagging.features import features
from nlp.personal_data.tagging.slots import NAME_SLOTS, other_value
from nlp.personal_data.tagging.tagger import OUTSIDE, WEIGHTS, begin, inside
from nlp.personal_data.tagging.units import Unit, units

SENTENCES = Path(__file__).parent / "training"
VARIANTS, MARKED_VARIANTS = 6, 2
_SLOT = re.compile(r"\{([A-Z0-9]+)\}")
_MARK = re.compile(r"\[\[([A-Z_]+):(.*?)\]\]")
_EITHER = re.compile(r"\{(?P<slot>[A-Z0-9]+)\}|\[\[(?P<kind>[A-Z_]+):(?P<value>.*?)\]\]")
_RECORD = re.compile(r"[{}\n\t|;@:]")
_OPTIONS = {"c1": 0.05, "c2": 0.02, "max_iterations": 100, "feature.minfreq": 2, "feature.possible_transitions": True}


class Span(NamedTuple):
    """A value, text[start:end]."""

    kind: str
    start: int
    end: int


class Marked(NamedTuple):
    """A text and what stands in it."""

    text: str
    spans: tuple[Span, ...]


def train(path: Path = WEIGHTS, seed: int = 11) -> dict[str, int]:
    """Write the weights; returns how many texts and values they were made from. Minutes on one core."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params(_OPTIONS)
    texts = values = 0
    for marked in examples(random.Random(seed)):
        cut = units(marked.text)
        if cut:
            trainer.append(features(marked.text, cut), _tags(cut, marked.spans))
            texts += 1
            values += len(marked.spans)
    path.parent.mkdir(exist_ok=True)
    trainer.train(str(path))
    return {"texts": texts, "values": values}


def examples(dice: random.Random) -> Iterator[Marked]:
    """Yield every sentence with other names each time, in several spellings; then the examples of callers' wishes."""
    for path in sorted(SENTENCES.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = line.replace("\\n", "\n").replace("\\t", "\t")
            if text.strip() and not text.startswith("#"):
                for nth in range(_variants(text)):
                    yield _respelled(_filled(text, dice), dice, nth, is_latin=path.stem.endswith("_en"))
    for text in _sentences_of_calls():
        yield Marked(text, ())


def _variants(text: str) -> int:
    if any(slot in NAME_SLOTS for slot in _SLOT.findall(text)):
        return VARIANTS
    return MARKED_VARIANTS if _MARK.search(text) else 1


def _sentences_of_calls() -> Iterator[str]:
    document: dict[str, Any] = data_files.load("insights/intent_examples.yaml")
    for language in ("ko", "en"):
        for texts in document[language].values():
            yield from (text for text in texts if "[" not in text)


def _filled(text: str, dice: random.Random) -> Marked:
    """Return the text with its slots filled and its marks taken away."""
    out: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for match in _EITHER.finditer(text):
        out.append(text[at : match.start()])
        length += match.start() - at
        at = match.end()
        slot = match["slot"]
        value = _made(slot, dice) if slot else match["value"]
        if not slot or slot in NAME_SLOTS:
            spans.append(Span("PERSON" if slot else match["kind"], length, length + len(value)))
        out.append(value)
        length += len(value)
    return Marked("".join(out) + text[at:], tuple(spans))


def _made(slot: str, dice: random.Random) -> str:
    return NAME_SLOTS[slot](dice) if slot in NAME_SLOTS else other_value(slot, dice)


def _respelled(marked: Marked, dice: random.Random, nth: int, *, is_latin: bool) -> Marked:
    """Return a text as a recogniser would write it in some of its variants: lower case, without a mark at the end."""
    text = marked.text
    if is_latin and nth % 3 == 1 and not _RECORD.search(text):
        text = text.lower()
    if is_latin and nth % 6 == 5 and dice.random() < 0.3:
        text = text.upper()
    if nth % 4 == 3 and text[-1:] in ".?!" and not any(span.end == len(text) for span in marked.spans):
        text = text[:-1]
    return Marked(text, marked.spans)


def _tags(cut: Sequence[Unit], spans: Sequence[Span]) -> list[str]:
    tags = [OUTSIDE] * len(cut)
    for kind, start, end in spans:
        within = [i for i, unit in enumerate(cut) if start <= unit.start < unit.end <= end]
        for place, i in enumerate(within):
            tags[i] = inside(kind) if place else begin(kind)
    return tags
