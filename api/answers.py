"""Records as JSON answers, encoded once and without a model in between."""

from __future__ import annotations

import msgspec
from starlette.responses import Response

_encoder = msgspec.json.Encoder()


class JsonAnswer(Response):
    """A JSON response of anything msgspec can encode."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Encode records, lists and dictionaries."""
        return _encoder.encode(content)
