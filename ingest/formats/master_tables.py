"""The core bank's master tables: their business key, what must be filled, what must be a date or a number."""

from __future__ import annotations

from typing import NamedTuple


class MasterTable(NamedTuple):
    """One table as the core bank delivers it. Columns beyond these are kept as they come."""

    key: tuple[str, ...]
    filled: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    integers: tuple[str, ...] = ()


MASTER_TABLES: dict[str, MasterTable] = {
    "customers": MasterTable(key=("customer_no",), dates=("birth_date", "joined_on")),
    "accounts": MasterTable(
        key=("account_no",), filled=("customer_no",), dates=("opened_on",), integers=("credit_limit",)
    ),
    "products": MasterTable(key=("product_id",), filled=("product_type",)),
    "holdings": MasterTable(
        key=("holding_id",),
        filled=("customer_no", "product_id"),
        dates=("opened_on", "matures_on"),
        integers=("amount",),
    ),
    "merchants": MasterTable(key=("merchant_id",)),
    "consents": MasterTable(key=("customer_no", "purpose", "granted_at"), times=("granted_at", "withdrawn_at")),
    "consultants": MasterTable(key=("consultant_id",)),
}
