"""What transaction memos say, as the batch reads them; nothing is stored."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from api.answers import JsonAnswer
from api.body import read_body
from api.deps import CustomerReader, PartsDep
from hub.errors import Misconfigured, Permanent

router = APIRouter(tags=["memos"])
MAX_MEMOS = 500


class MemoRequest(msgspec.Struct, forbid_unknown_fields=True):
    """Memos to read."""

    memos: Annotated[list[str], msgspec.Meta(min_length=1, max_length=MAX_MEMOS)]


_decoder = msgspec.json.Decoder(MemoRequest)


@router.post("/v1/memos/parse")
async def parse_memos(request: Request, account: CustomerReader, parts: PartsDep) -> Response:
    """Return the facts of memos, in order: category, counterparty, channel, period, life event, and what decided."""
    parser = parts.memos
    if parser is None:
        raise Misconfigured("This API was started without a memo parser.", reason="no_memo_parser")
    asked = _parse(await read_body(request, parts.settings.api.max_body_bytes))
    async with request.app.state.memo_turn:
        facts = await run_in_threadpool(parser.parse, asked.memos)
    return JsonAnswer({"version": parser.version, "facts": facts})


def _parse(body: bytes) -> MemoRequest:
    try:
        return _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Permanent(f"The body must be JSON with memos: one to {MAX_MEMOS} texts.", reason="bad_request") from None
