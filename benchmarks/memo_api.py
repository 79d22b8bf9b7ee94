"""One memo over HTTP: a running API (uvicorn) on loopback with an API key, one request after another.

``python -m benchmarks.memo_api [REQUESTS]``. Every memo is another one, so no reading comes from the parser's cache.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from random import Random

from benchmarks.labelled.memos import labelled_memos
from benchmarks.machine import figure
from hub.settings import CHECKOUT

REQUESTS, WARM_UP = 2_000, 200
START_S = 120.0
URL = "/v1/memos/parse"


def main() -> None:
    """Start the API in a fresh home, measure, stop it."""
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else REQUESTS
    with tempfile.TemporaryDirectory() as home:
        port = _free_port()
        environment = {**os.environ, "HUB_HOME": home, "HUB_API__PORT": str(port)}
        key = _key(environment)
        api = subprocess.Popen([sys.executable, "-m", "api.main"], cwd=CHECKOUT, env=environment)
        try:
            _measure(_connected(port), key, requests)
        finally:
            api.terminate()
            api.wait(timeout=30)


def _measure(link: http.client.HTTPConnection, key: str, requests: int) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    took_ms = []
    for memo in _memos(requests + WARM_UP):
        body = json.dumps({"memos": [memo]}).encode()
        begun = time.perf_counter()
        link.request("POST", URL, body, headers)
        answer = link.getresponse()
        answer.read()
        took_ms.append((time.perf_counter() - begun) * 1_000)
        if answer.status != http.client.OK:
            raise SystemExit(f"the API answered {answer.status}")
    times = sorted(took_ms[WARM_UP:])
    figure("one memo over HTTP, median", statistics.median(times), "ms", requests=requests)
    figure("one memo over HTTP, 95th percentile", times[int(len(times) * 0.95)], "ms", requests=requests)


def _memos(count: int) -> list[str]:
    texts = list(dict.fromkeys(row.memo for row in labelled_memos(seed=7, per_class=max(70, count // 60))))
    Random(7).shuffle(texts)
    return texts[:count]


def _key(environment: dict[str, str]) -> str:
    command = [sys.executable, "-m", "cli.main", "keys", "create", "--role", "service", "--json"]
    made = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True)
    return str(json.loads(made.stdout)["key"])


def _connected(port: int) -> http.client.HTTPConnection:
    """Return a connection to the API once it answers."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        link = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            link.request("GET", "/health")
            link.getresponse().read()
        except OSError:
            time.sleep(0.3)
            continue
        return link
    raise SystemExit("the API did not start")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


if __name__ == "__main__":
    main()
