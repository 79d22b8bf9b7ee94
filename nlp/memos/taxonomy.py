"""The categories, and the words and names that speak for each: of their own files, and of a leaf that carries its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import srsly

from hub.errors import Misconfigured
from nlp import data_files

META = Path(__file__).parent / "pipeline" / "meta.json"
OWN_STRENGTHS = {"purpose": 84, "shop": 55, "hint": 40}
"""How strong a leaf's own words are, in the terms of cues.yaml."""
PRODUCT = "^"
"""In front of a spelling that says what is paid for and names nobody (^국민연금, against 국민연금공단)."""
ONLY_NAME = "~"
"""In front of a brand's name: a word of many meanings, so only its other spellings are looked for (~Next|NEXT RETAIL)."""
_LEAF_KEYS = frozenset({"ko", "en", "recurring", "party", "words", "brands", "examples"})
_PARTIES = ("merchant", "institution", "person", "employer", "none")


class BrandLine(NamedTuple):
    """One line of the gazetteers: the canonical name and other spellings, divided by ``|``."""

    source: str
    kind: str
    category: str
    line: str


def taxonomy() -> dict[str, dict[str, Any]]:
    """Return each category with its group, its Korean and English description and whether it recurs.

    Raises:
        Misconfigured: a leaf has a key or a strength that nothing reads.
    """
    groups = data_files.load("taxonomy.yaml")["groups"]
    leaves = {leaf: {**body, "group": group} for group, leaves in groups.items() for leaf, body in leaves.items()}
    for leaf, body in leaves.items():
        _check(leaf, body)
    return leaves


def cue_rows() -> list[dict[str, Any]]:
    """Return the rows of cues.yaml and those of leaves that carry their own words."""
    return [*data_files.load("cues.yaml")["cues"], *_own_rows()]


def brand_lines() -> Iterator[BrandLine]:
    """Yield the lines of brands/*.yaml and those of leaves that carry their own names."""
    for source, document in data_files.load_folder("brands").items():
        for category, lines in document["brands"].items():
            yield from (BrandLine(source, document["kind"], category, str(line)) for line in lines)
    for leaf, body in taxonomy().items():
        kind = "institution" if body.get("party") == "institution" else "merchant"
        yield from (BrandLine("taxonomy", kind, leaf, str(line)) for line in body.get("brands", ()))


def bare_spelling(name: str) -> str:
    """Return a name without the sign that says how it is meant."""
    return name.strip().removeprefix(ONLY_NAME).removeprefix(PRODUCT)


def taxonomy_page() -> str:
    """Return docs/taxonomy.md."""
    leaves = taxonomy()
    lines = [
        "# Categories of memos",
        "",
        f"{len(leaves)} leaves; their names are unique, so a rule needs no group. Written by `make docs` from",
        "`nlp/data/taxonomy.yaml`; [memos.md](memos.md) says how one is added.",
        "",
        "| group | leaf | Korean | English | every month |",
        "|---|---|---|---|---|",
    ]
    for leaf, body in leaves.items():
        recurs = "yes" if body.get("recurring") else ""
        lines.append(f"| {body['group']} | `{leaf}` | {body['ko']} | {body['en']} | {recurs} |")
    return "\n".join(lines) + "\n"


def meta_page() -> str:
    """Return the pipeline's meta.json with the labels of the taxonomy as it is now."""
    meta = srsly.json_loads(META.read_text("utf-8"))
    meta["labels"]["memo_cats"] = list(taxonomy())
    return str(srsly.json_dumps(meta, indent=2))


def _own_rows() -> Iterator[dict[str, Any]]:
    for leaf, body in taxonomy().items():
        for kind, words in body.get("words", {}).items():
            party = body.get("party", "merchant")
            yield {"category": leaf, "strength": OWN_STRENGTHS[kind], "party": party, "words": words}


def _check(leaf: str, body: dict[str, Any]) -> None:
    wrong = sorted(body.keys() - _LEAF_KEYS - {"group"}) + sorted(body.get("words", {}).keys() - OWN_STRENGTHS.keys())
    if body.get("party", "merchant") not in _PARTIES:
        wrong.append(body["party"])
    if wrong or "ko" not in body or "en" not in body:
        raise Misconfigured(
            f"nlp/data/taxonomy.yaml, {leaf}: a leaf has ko and en, and may have recurring, party ({', '.join(_PARTIES)}), "
            f"brands, examples and words ({', '.join(OWN_STRENGTHS)}); not {', '.join(map(str, wrong)) or 'less'}",
            reason="bad_data_file",
        )
