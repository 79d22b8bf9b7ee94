"""A process that writes to a catalogue, for tests with several at once: URL, then [what, name, how many] as JSON."""

import json
import sys

from catalog.engine import open_catalog
from hub.records import Decision, Treatment


def main(url: str, what: str, name: str, count: int) -> int:
    catalog = open_catalog(url)
    for number in range(count):
        if what == "access":
            catalog.access_log.append(account=name, origin="o", subject="s", task="t", purpose="p", at_ms=number)
        else:
            catalog.decisions.save([decision(f"{name}-{number}")])
    catalog.close()
    return count


def decision(decision_id: str) -> Decision:
    return Decision(
        decision_id=decision_id,
        scenario_id="s",
        scenario_version=1,
        customer_key="c",
        decided_ms=1,
        trigger_event_id="e",
        treatment=Treatment.TREATED,
        reason="",
        campaign="",
        action={},
        evidence=(),
        features=(),
        consent_purpose=None,
    )


if __name__ == "__main__":
    print(main(sys.argv[1], *json.loads(sys.argv[2])))
