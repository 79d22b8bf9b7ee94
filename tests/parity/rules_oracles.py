"""Every operator again, naively: a few lines over the whole list of events, no state, no cleverness.

An event is (time, type, value); a firing is (time, index of the trigger).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise, product
from typing import NamedTuple


class Ev(NamedTuple):
    t: int
    kind: str
    x: int | None
    """A property with few values, null now and then."""


Stream = Sequence[Ev]
Firings = set[tuple[int, int]]


def count(stream: Stream, n: int, within: int, by_x: bool = False) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        if e.kind == "a" and not (by_x and e.x is None):
            window = [o for o in stream[: i + 1] if o.kind == "a" and e.t - o.t <= within and (not by_x or o.x == e.x)]
            if len(window) >= n:
                fired.add((e.t, i))
    return fired


def count_rise(stream: Stream, n: int, within: int) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        if e.kind == "a":
            before = [o for o in stream[:i] if o.kind == "a" and e.t - o.t <= within]
            if len(before) < n <= len(before) + 1:
                fired.add((e.t, i))
    return fired


def count_reset(stream: Stream, n: int, within: int) -> Firings:
    fired, last = set(), -1
    for i, e in enumerate(stream):
        window = [j for j in range(last + 1, i + 1) if stream[j].kind == "a" and e.t - stream[j].t <= within]
        if e.kind == "a" and len(window) >= n:
            fired.add((e.t, i))
            last = i
    return fired


def total(stream: Stream, at_least: int, within: int) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        if e.kind == "a" and e.x is not None:
            window = [o.x for o in stream[: i + 1] if o.kind == "a" and e.t - o.t <= within and o.x is not None]
            if sum(window) >= at_least:
                fired.add((e.t, i))
    return fired


def distinct(stream: Stream, n: int, within: int) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        if e.kind == "a" and e.x is not None:
            window = {o.x for o in stream[: i + 1] if o.kind == "a" and e.t - o.t <= within and o.x is not None}
            if len(window) >= n:
                fired.add((e.t, i))
    return fired


def chains(stream: Stream, kinds: str, within: int, fits: Callable[[Sequence[Ev]], bool]) -> list[tuple[int, ...]]:
    found = []
    for chain in product(*([i for i, e in enumerate(stream) if e.kind == kind] for kind in kinds)):
        events = [stream[i] for i in chain]
        if list(chain) == sorted(set(chain)) and events[-1].t - events[0].t <= within and fits(events):
            found.append(chain)
    return found


def sequence(stream: Stream, kinds: str, within: int, fits: Callable[[Sequence[Ev]], bool]) -> Firings:
    return {(stream[chain[-1]].t, chain[-1]) for chain in chains(stream, kinds, within, fits)}


def sequence_without(stream: Stream, within: int, breaks: Callable[[Ev, Ev], bool]) -> Firings:
    """a, then b, and no c between them that breaks."""
    fired = set()
    for i, j in chains(stream, "ab", within, lambda _: True):
        if not any(stream[k].kind == "c" and breaks(stream[i], stream[k]) for k in range(i + 1, j)):
            fired.add((stream[j].t, j))
    return fired


def consuming(stream: Stream, kinds: str, within: int, fits: Callable[[Sequence[Ev]], bool]) -> list[tuple[int, ...]]:
    """Of the chains that end at an event, the one that began last fires and uses its events up."""
    used: set[int] = set()
    fired = []
    every = chains(stream, kinds, within, fits)
    for i in range(len(stream)):
        free = [c for c in every if c[-1] == i and used.isdisjoint(c)]
        if free:
            best = max(free, key=lambda c: (stream[c[0]].t, c))
            used |= set(best)
            fired.append(best)
    return fired


def repeat(stream: Stream, kinds: str, step: int, n: int, within: int, fits: Callable[[Sequence[Ev]], bool]) -> Firings:
    done = consuming(stream, kinds, step, fits)
    fired = set()
    for place, chain in enumerate(done):
        end = stream[chain[-1]].t
        starts = [stream[c[0]].t for c in done[: place + 1]]
        if stream[chain[0]].t >= end - within and sum(start >= end - within for start in starts) >= n:
            fired.add((end, chain[-1]))
    return fired


def absence_each(stream: Stream, within: int, end: int, joined: bool = False) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        if e.kind == "a":
            came = [
                o
                for o in stream[i + 1 :]
                if o.kind == "b" and o.t - e.t <= within and (not joined or (o.x is not None and o.x == e.x))
            ]
            if not came and e.t + within < end:
                fired.add((e.t + within, i))
    return fired


def absence_last(stream: Stream, within: int, end: int) -> Firings:
    restarted = {i for i, e in enumerate(stream) if any(o.kind == "a" and o.t - e.t <= within for o in stream[i + 1 :])}
    return {(t, i) for t, i in absence_each(stream, within, end) if i not in restarted}


def absence_first(stream: Stream, within: int, end: int) -> Firings:
    fired, watched = set(), -1
    for i, e in enumerate(stream):
        if e.kind != "a" or i <= watched:
            continue
        rest = [(j, o) for j, o in enumerate(stream) if j > i and o.t - e.t <= within]
        came = next((j for j, o in rest if o.kind == "b"), None)
        if came is None:
            watched = rest[-1][0] if rest else i
            if e.t + within < end:
                fired.add((e.t + within, i))
        else:
            watched = came
    return fired


def both(stream: Stream, within: int) -> Firings:
    fired = set()
    for i, e in enumerate(stream):
        for own, other in (("a", "b"), ("b", "a")):
            if e.kind == own and any(o.kind == other and e.t - o.t <= within for o in stream[:i]):
                fired.add((e.t, i))
    return fired


def change(stream: Stream) -> Firings:
    known = [(i, e) for i, e in enumerate(stream) if e.kind == "a" and e.x is not None]
    return {(e.t, i) for (_, before), (i, e) in pairwise(known) if before.x != e.x}


def nested(stream: Stream, n: int, window: int, within: int, end: int) -> Firings:
    """n a's in a window, and then no b: the count restarts the wait each time it is reached."""
    reached = sorted(i for _, i in count(stream, n, window))
    marked = [Ev(e.t, "a" if i in reached else ("b" if e.kind == "b" else "-"), e.x) for i, e in enumerate(stream)]
    return absence_last(marked, within, end)
