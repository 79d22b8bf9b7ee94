"""Customers' states between the kernel and the state store: loaded when touched, saved when touched.

A save costs what was touched since the last one, whatever the number of customers.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, MutableMapping
from typing import Any

from hub.ports import StateStore
from rules.kernel.snapshot import decode_state, encode_state
from rules.patterns.state import CustomerState


class StoredCustomers(MutableMapping[str, CustomerState]):
    """A mapping that reads through to the store and remembers what was touched.

    Args:
        prefix: of the names the states are kept under.
        most_kept: states held in memory between two saves.
    """

    def __init__(self, store: StateStore, prefix: str, most_kept: int = 100_000) -> None:
        self._store = store
        self._prefix = prefix
        self._most_kept = most_kept
        self._states: OrderedDict[str, CustomerState] = OrderedDict()
        self.touched: dict[str, None] = {}

    def __getitem__(self, customer_key: str) -> CustomerState:
        state = self._states.get(customer_key)
        if state is None:
            data = self._store.get(self._prefix + customer_key)
            if data is None:
                raise KeyError(customer_key)
            state = self._states[customer_key] = decode_state(data)
        else:
            self._states.move_to_end(customer_key)
        self.touched[customer_key] = None
        return state

    def get(self, customer_key: str, default: Any = None) -> Any:  # noqa: ANN401 - as Mapping.get
        """Return a customer's state, or the default where nothing is known."""
        try:
            return self[customer_key]
        except KeyError:
            return default

    def __setitem__(self, customer_key: str, state: CustomerState) -> None:
        self._states[customer_key] = state
        self.touched[customer_key] = None

    def __delitem__(self, customer_key: str) -> None:
        del self._states[customer_key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._states)

    def __len__(self) -> int:
        return len(self._states)

    def changes(self) -> dict[str, bytes]:
        """Return the touched states as the store shall keep them."""
        return {self._prefix + key: encode_state(self._states[key]) for key in self.touched}

    def saved(self) -> None:
        """Note that the changes are stored; forget the states that were touched longest ago."""
        self.touched.clear()
        while len(self._states) > self._most_kept:
            self._states.popitem(last=False)
