"""Verdicts on real sweeps against labels by distance: ``python confusion.py STORE...``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from labels import AGREES, label

import gandiag

MIXTURES = ("ring", "grid")
"""Data whose modes a distance of means and standard deviations does not see."""


def pairs(store: str) -> Iterator[tuple[str, str, str]]:
    """The label, the verdict and the name of every run of a store that the labels are made for."""
    results = gandiag.load(store)
    for run in gandiag.analyze(store):
        expected = run.record.expected
        kind = getattr(results.data[run.row["point"]], "kind", "")
        if not len(expected.mean) or not (expected.std > 0).all() or kind in MIXTURES:
            continue
        series = results.series[results.series["run"] == run.row["run"]]
        game = series[series["phase"] == "train"]
        seen = label(game, run.row["status"], list(expected.mean), list(expected.std))
        yield seen, run.diagnosis.verdict.name, f"{store} seed {run.row['seed']}"


def main(stores: list[str]) -> None:
    """Prints the confusion matrix, and the runs on which the two do not agree."""
    found = [pair for store in stores for pair in pairs(store)]
    for (seen, verdict), count in sorted(Counter(pair[:2] for pair in found).items()):
        print(f"{seen:10} {verdict:20} {count:4} {'' if verdict in AGREES[seen] else '!'}")
    wrong = [pair for pair in found if pair[1] not in AGREES[pair[0]]]
    print(f"{len(found) - len(wrong)} of {len(found)} agree")
    for seen, verdict, name in wrong:
        print(f"{name}: {seen}, and the verdict is {verdict}")


if __name__ == "__main__":
    main(sys.argv[1:])
