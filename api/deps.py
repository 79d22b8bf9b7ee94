"""Dependencies as types: what a route asks for stands in its signature.

They are coroutines although none waits: FastAPI sends a plain function to a worker thread, which costs
more than a whole feature request.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from api.accounts import Account, Keyring
from api.errors import Refused
from api.feed import DecisionFeed
from api.journal import Meters
from api.parts import Parts
from api.recorder import AccessRecorder
from api.roles import (
    DEFAULT_PURPOSE,
    READS_ACCESS_LOG,
    READS_CUSTOMERS,
    READS_DECISIONS,
    READS_OPERATION,
    Role,
)

_PURPOSE = re.compile(r"^[A-Za-z0-9 _.:/-]{1,80}$")


async def parts_of(request: Request) -> Parts:
    """Return what the application is made of."""
    parts: Parts = request.app.state.parts
    return parts


def keyring_of(request: Request) -> Keyring:
    """Return the keyring of this application."""
    keyring: Keyring = request.app.state.keyring
    return keyring


async def recorder_of(request: Request) -> AccessRecorder:
    """Return the recorder of reads."""
    recorder: AccessRecorder = request.app.state.recorder
    return recorder


async def meters_of(request: Request) -> Meters:
    """Return the metrics."""
    meters: Meters = request.app.state.meters
    return meters


async def feed_of(request: Request) -> DecisionFeed:
    """Return the feed of decisions as they happen."""
    feed: DecisionFeed = request.app.state.feed
    return feed


def presented_key(request: Request) -> str | None:
    """Return the key in ``X-API-Key`` or ``Authorization: Bearer``."""
    key = request.headers.get("x-api-key")
    if key:
        return key.strip()
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value.strip() or None if scheme.lower() == "bearer" else None


def origin_of(request: Request) -> str:
    """Return the caller's address."""
    return request.client.host if request.client else "unknown"


async def admit(request: Request, secret: str) -> Account:
    """Return the account of a key and note it for the journal."""
    keyring = keyring_of(request)
    origin = origin_of(request)
    account = keyring.recall(secret, origin)
    if account is None:
        account = await run_in_threadpool(keyring.admit, secret, origin)
    request.scope["account"] = account
    return account


async def account_of(request: Request) -> Account:
    """Return who is calling.

    Raises:
        Refused: 401 without a key or with an unknown one, 429 after too many of those.
    """
    secret = presented_key(request)
    if secret is None:
        raise Refused(401, "key_missing", "Send your API key in X-API-Key or as Authorization: Bearer.")
    return await admit(request, secret)


def require(account: Account, roles: tuple[Role, ...]) -> None:
    """Pass accounts of these roles and admins.

    Raises:
        Refused: 403 for every other role.
    """
    if account.role is not Role.ADMIN and account.role not in roles:
        allowed = ", ".join(role.value for role in (Role.ADMIN, *roles))
        raise Refused(403, "forbidden", f"This needs a key of role {allowed}; yours is {account.role.value}.")


def holder_of(*roles: Role) -> Callable[[Request], object]:
    """Return the dependency that admits keys of these roles, and admins."""

    async def holder(request: Request) -> Account:
        account = await account_of(request)
        require(account, roles)
        return account

    return holder


def purpose_of(request: Request, account: Account) -> str:
    """Return why the caller reads: ``X-Purpose``, else what the role is for."""
    purpose = request.headers.get("x-purpose", "").strip()
    if not purpose:
        return DEFAULT_PURPOSE[account.role]
    if not _PURPOSE.match(purpose):
        raise Refused(400, "bad_purpose", "X-Purpose takes up to 80 letters, digits and _ . : / -.")
    return purpose


PartsDep = Annotated[Parts, Depends(parts_of)]
RecorderDep = Annotated[AccessRecorder, Depends(recorder_of)]
MetersDep = Annotated[Meters, Depends(meters_of)]
FeedDep = Annotated[DecisionFeed, Depends(feed_of)]

AnyAccount = Annotated[Account, Depends(account_of)]
CustomerReader = Annotated[Account, Depends(holder_of(*READS_CUSTOMERS))]
DecisionReader = Annotated[Account, Depends(holder_of(*READS_DECISIONS))]
OperationReader = Annotated[Account, Depends(holder_of(*READS_OPERATION))]
AccessReader = Annotated[Account, Depends(holder_of(*READS_ACCESS_LOG))]
