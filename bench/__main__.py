"""``python -m bench [SUBJECT …]``: one subject's figures as ratios, CDNOW's by itself."""

from __future__ import annotations

import sys

from bench import accuracy, cdnow, effects, gate, journeys, million, rolling, scale, segments
from bench.delivery import speed
from bench.inbox import ingest

SUBJECTS = {
    "cdnow": lambda _: cdnow.main(),
    "delivery": speed.main,
    "effects": effects.main,
    "gate": gate.main,
    "inbox": ingest.main,
    "journeys": journeys.main,
    "million": million.main,
    "accuracy": accuracy.main,
    "rolling": rolling.main,
    "scale": scale.main,
    "segments": segments.main,
}


def main() -> int:
    subject = sys.argv[1] if len(sys.argv) > 1 else "cdnow"
    if subject not in SUBJECTS:
        print(f"no subject {subject!r}; known: {', '.join(SUBJECTS)}")
        return 2
    return SUBJECTS[subject](sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
