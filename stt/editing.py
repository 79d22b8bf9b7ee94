"""The call editor of the hub: from what the recogniser wrote to what may leave the vault."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Any

from hub.ports import Redactor
from hub.records import CallFact, RedactedCall, Transcript
from stt import normalisation
from stt.analytics import load_categories, to_call_analytics
from stt.analytics.categories import CATALOGUE
from stt.redacted_audio import suffix_of, write_redacted
from stt.redaction import redact

_FILES = ("redaction.py", "redacted_audio.py", "asked_for.py", "asked_for.yaml", "editing.py")


class TranscriptEditor:
    """Adapter of ``hub.ports.CallEditor``.

    Args:
        redactor: finds personal data in text.
        categories: a file of rule categories; by default the catalogue that ships with the hub.
    """

    def __init__(self, redactor: Redactor, categories: Path | None = None) -> None:
        self._redactor = redactor
        self._categories = categories or CATALOGUE

    @cached_property
    def version(self) -> str:
        """Return a name that changes with any rule of normalisation, redaction or analytics, and with the categories."""
        digest = blake2b(normalisation.version().encode(), digest_size=4)
        room = resources.files("stt")
        ours = sorted(room.joinpath("analytics").iterdir(), key=lambda item: item.name)
        for file in [*(room.joinpath(name) for name in _FILES), *(f for f in ours if f.name.endswith(".py"))]:
            digest.update(file.read_bytes())
        load_categories(self._categories)
        digest.update(self._categories.read_bytes())
        return f"edit-{digest.hexdigest()}"

    def edit(self, transcript: Transcript) -> RedactedCall:
        """Return the transcript in normal form, personal data masked, and where the recording gives it away."""
        return redact(normalisation.normalise_transcript(transcript), self._redactor)

    def document(self, call: RedactedCall, facts: Sequence[CallFact]) -> dict[str, Any]:
        """Return Call Analytics' JSON of a redacted call."""
        return to_call_analytics(call.transcript, facts, load_categories(self._categories), call.silences)

    def silence(self, recording: Path, folder: Path, call: RedactedCall, roles: Sequence[str]) -> Path:
        """Write the redacted copy of a recording into a folder and return it."""
        target = folder / f"redacted{suffix_of(recording)}"
        write_redacted(recording, target, call, roles)
        return target
