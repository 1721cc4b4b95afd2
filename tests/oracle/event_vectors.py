#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Vectors of events, by the encoder and the transition function of event.py.

    event_vectors.py FOLDER            write FOLDER/event-payload.json, event-apply.json and event-envelope.json
    event_vectors.py --check FOLDER    compare them with what would be written

What each case expects is written by hand, status, offset (as the path of an item) and where; event.py must agree.
"""
import json
import pathlib
import sys

import event_envelopes
import event_payloads
import event_transitions
from event import cbor, event_id
from event_base import EXAMPLE, N32, T32, accept
from event_transitions import Story

CASES = {
    "event-payload": event_payloads.make,
    "event-apply": event_transitions.make,
    "event-envelope": lambda: event_envelopes.make(EXAMPLE, accept),
}


def spec_ids():
    """The ids of the example in docs/spec/event.md."""
    return [T32, N32, event_id(cbor(accept)), Story().then(accept).token.head]


def text_of(cases):
    rows = ",\n".join(json.dumps(case) for case in cases)
    return (f'{{"format": "aval-vectors-1", "source": "tests/oracle/event_vectors.py", "count": {len(cases)}, '
            f'"cases": [\n{rows}\n]}}\n')


def main(arguments):
    check = arguments[0] == "--check"
    folder = pathlib.Path(arguments[-1])
    stale = []
    for name, make in CASES.items():
        path, text = folder / f"{name}.json", text_of(make())
        if not check:
            path.write_text(text)
        elif path.read_text() != text:
            stale.append(path.name)
    spec = (pathlib.Path(__file__).parent / "../../docs/spec/event.md").read_text()
    stale += ["docs/spec/event.md" for id_ in spec_ids() if id_.hex() not in spec]
    if stale:
        sys.exit(f"not what event_vectors.py writes: {', '.join(stale)}")


if __name__ == "__main__":
    main(sys.argv[1:])
