"""A hub with a console on a port of its own, for a browser to look at: real HTTP, doubles behind it."""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

import uvicorn

from api.app import create_app
from console.app import mount
from hub.clock import MINUTE_MS
from hub.records import Treatment
from tests.doubles.api_parts import KIM, NOW_MS, PSEUDONYMS, loan_decision, make_desk


def main(home: Path, port: int) -> None:
    """Serve until killed; the keys go to ``home/keys.json``; a decision arrives whenever ``home/decide`` appears."""
    desk = make_desk(home, {"HUB_API__PORT": str(port)})
    treatments = [Treatment.TREATED] * 6 + [Treatment.CONTROL, Treatment.SUPPRESSED]
    for n in range(24):
        customer = PSEUDONYMS.customer(f"C{n:06}")
        desk.catalog.decisions.save([loan_decision(customer, treatments[n % 8], NOW_MS - (30 - n) * MINUTE_MS)])
    app = create_app(desk.parts)
    mount(app, desk.parts.settings)
    (home / "keys.json").write_text(json.dumps(desk.secrets))

    def decide() -> None:
        arrived = 0
        while True:
            time.sleep(0.1)
            if (home / "decide").exists():
                (home / "decide").unlink()
                arrived += 1
                desk.catalog.decisions.save([loan_decision(KIM, Treatment.TREATED, NOW_MS + arrived * MINUTE_MS)])

    threading.Thread(target=decide, daemon=True).start()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
