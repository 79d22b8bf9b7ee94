"""How callers name a customer, and the record that they did."""

from __future__ import annotations

import re
from collections.abc import Iterable

from api.accounts import Account
from api.errors import Refused
from api.roles import NAMES_CUSTOMERS_BY_NUMBER
from hub.clock import Clock
from hub.ids import Pseudonymizer
from hub.ports import OnlineStore
from hub.records import Access

CUSTOMER_KEY = re.compile(r"^cus_[0-9a-f]{24}$")
OTHER_PSEUDONYM = re.compile(r"^(ano|pho|acc)_[0-9a-f]{24}$")
CUSTOMER_NUMBER = re.compile(r"^[A-Za-z0-9-]{1,40}$")


def customer_keys(
    asked: list[str],
    account: Account,
    pseudonyms: Pseudonymizer,
    online: OnlineStore | None = None,
    views: Iterable[str] = (),
) -> list[str]:
    """Return the customer key of each name: a key itself, another pseudonym, or the bank's own number.

    While the pseudonym key rotates, a number is looked up under every live key in the ``views`` of the online store.

    Raises:
        Refused: 403 for a number from a role that knows pseudonyms only, 400 for anything else.
    """
    return [_customer_key(name, account, pseudonyms, online, views) for name in asked]


def _customer_key(
    name: str, account: Account, pseudonyms: Pseudonymizer, online: OnlineStore | None, views: Iterable[str]
) -> str:
    if CUSTOMER_KEY.match(name):
        return name
    if online is not None and OTHER_PSEUDONYM.match(name):
        return online.resolve([name])[0] or name
    if not CUSTOMER_NUMBER.match(name):
        raise Refused(400, "bad_customer", "A customer is a key such as cus_ and 24 hex digits, or a customer number.")
    if account.role not in NAMES_CUSTOMERS_BY_NUMBER:
        raise Refused(403, "forbidden", "Your role names customers by their key (cus_…), not by their number.")
    return pseudonyms.known("customer", name, lambda key: online is not None and is_known(online, views, key))


def is_known(online: OnlineStore, views: Iterable[str], customer_key: str) -> bool:
    """Return whether the online store has values of a customer in any of the views."""
    return any(online.read(view, [customer_key])[0] is not None for view in views)


def accesses(account: Account, subjects: Iterable[str], task: str, purpose: str, clock: Clock) -> list[Access]:
    """Return one access to put on record for each different person."""
    now_ms = clock.now_ms()
    return [
        Access(account=account.key_id, origin=account.origin, subject=subject, task=task, purpose=purpose, at_ms=now_ms)
        for subject in dict.fromkeys(subjects)
    ]
