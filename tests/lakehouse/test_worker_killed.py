"""A worker that transcribes is killed with SIGKILL at any moment; in the end each call stands in the lake exactly once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random

import numpy as np
import pytest
import soundfile

pytest.importorskip("espeakng_loader")

from demo.voices import TELEPHONE_HZ, speak
from hub.settings import CHECKOUT
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.delta_tables import DeltaTables
from lakehouse.session import SparkDoor
from tests.lakehouse.parts import call_row

pytestmark = [pytest.mark.spark, pytest.mark.slow]

AT_MS = 1_790_000_000_000
CALLS, BATCH, KILLS = 100, 10, 20
BATCH_SHARE = 0.35
"""So often a worker gets one batch into the vault before it is killed, however slow the machine is."""
SENTENCES = (
    "안녕하세요 행복은행 고객센터입니다.",
    "신용대출 금리 문의드립니다.",
    "오늘도 좋은 하루 보내세요.",
    "감사합니다 수고하세요.",
)
WORKER = """
import json, sys
from pathlib import Path
from hub.clock import SettableClock
from hub.ids import Pseudonymizer
from ingest.object_store.directory import DirectoryObjectStore
from lakehouse.delta_tables import DeltaTables
from lakehouse.refine import Engine, refine_calls, transcribe_calls, waiting_calls
from lakehouse.session import SparkDoor
from stt.models import choose, load
from stt.transcriber import WhisperTranscriber
from tests.lakehouse.parts import DigitRedactor, KeptLetters, KeptLineage, WordReader

folder, remote, token, batch = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
clock = SettableClock(1_793_000_000_000)
tables = DeltaTables(SparkDoor(lambda: (remote, token)), str(folder / "lake"), clock, KeptLineage())
vault = DirectoryObjectStore(folder / "vault")
whisper = WhisperTranscriber("demo", threads=1)
load(choose("demo", device="auto", compute_type="auto", threads=1))
print("ready", flush=True)
waiting = [call_id for call_id, _ in waiting_calls(tables, whisper.model)]
for start in range(0, len(waiting), batch):
    chosen = waiting[start : start + batch]
    counts = transcribe_calls(tables, vault, Engine(whisper, whisper.transcribe_many), call_ids=chosen)
    print(json.dumps(counts), flush=True)
    refine_calls(
        tables, vault, whisper, WordReader(), DigitRedactor(), Pseudonymizer(b"k" * 32), KeptLetters(), clock,
        call_ids=chosen, transcribe_many=whisper.transcribe_many,
    )
print("done", flush=True)
"""


def deliver(tables: DeltaTables, folder: Path) -> None:
    vault = DirectoryObjectStore(folder / "vault")
    rows = []
    for number in range(CALLS):
        pcm = speak(SENTENCES[number % len(SENTENCES)], "ko+f3" if number % 2 else "ko+m3", 150 + number % 30).pcm * 0.5
        noise = np.random.default_rng(number).standard_normal(len(pcm) + 8_000).astype(np.float32) * 5e-4
        noise[4_000 : 4_000 + len(pcm)] += pcm
        path = folder / f"{number}.wav"
        soundfile.write(path, noise, TELEPHONE_HZ, subtype="ULAW", format="WAV")
        vault.put(f"calls/{number}.wav", path)
        rows.append(call_row(f"c{number:03d}", f"calls/{number}.wav", AT_MS + number, channel_roles=["CUSTOMER"]))
    tables.merge("bronze.calls", rows)


def start(folder: Path, door: SparkDoor) -> subprocess.Popen[str]:
    remote, token = door._find_address()
    command = [sys.executable, "-c", WORKER, str(folder), remote, token, str(BATCH)]
    worker = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    assert worker.stdout.readline() == "ready\n"
    return worker


def finish(worker: subprocess.Popen[str]) -> list[dict[str, int]]:
    lines = (worker.communicate(timeout=600)[0] or "").splitlines()
    assert worker.returncode == 0
    assert lines[-1] == "done"
    return [json.loads(line) for line in lines[:-1]]


def turns(tables: DeltaTables) -> dict[str, list[str]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for row in tables.read("silver.transcripts"):
        found.setdefault(row["call_id"], []).append((row["turn_id"], row["text"]))
    return {call: [text for _, text in sorted(said)] for call, said in found.items()}


def test_a_worker_killed_twenty_times_leaves_each_call_exactly_once(
    make_tables: object, door: SparkDoor, tmp_path: Path
) -> None:
    random = Random(11)
    killed, undisturbed = (tmp_path / name for name in ("killed", "undisturbed"))
    lakes = {}
    for folder in (killed, undisturbed):
        folder.mkdir()
        lakes[folder] = make_tables(folder)  # type: ignore[operator]
        deliver(lakes[folder], folder)
    for _ in range(KILLS):
        worker = start(killed, door)
        if worker.stdout is not None and random.random() < BATCH_SHARE:
            worker.stdout.readline()
        time.sleep(random.uniform(0.0, 1.0))
        os.kill(worker.pid, signal.SIGKILL)
        worker.communicate()
    finish(start(killed, door))
    finish(start(undisturbed, door))
    rows = Counter((row["call_id"], row["turn_id"]) for row in lakes[killed].read("silver.transcripts"))
    assert set(rows.values()) == {1}
    events = Counter(row["event_id"] for row in lakes[killed].read("silver.events"))
    assert set(events.values()) == {1}
    one, other = turns(lakes[killed]), turns(lakes[undisturbed])
    assert len(one) == CALLS
    assert one == other
    kept = list(DirectoryObjectStore(killed / "vault").list("transcripts/"))
    assert len(kept) == CALLS
    assert finish(start(killed, door)) == []
