"""Labels at the ends of curves do not overlap."""

from __future__ import annotations

import numpy as np

from gandiag_html.figures.labels import GAP, Label, merge_crowded, place_apart


def test_labels_do_not_overlap() -> None:
    labels = [Label(f"seed {i}", 0.5, "failed") for i in range(8)]
    placed = place_apart(labels, (0.0, 1.0), 200)
    heights = [label.at for label in placed]
    assert min(np.diff(heights)) >= GAP / 200 - 1e-9
    assert 0 <= min(heights) <= max(heights) <= 1


def test_many_labels_at_one_height_become_a_count() -> None:
    crowd = [Label(f"seed {i}", 0.5, "failed") for i in range(4)]
    alone = [Label("seed 9", 0.9, "failed")]
    assert [one.text for one in merge_crowded([*crowd, *alone], (0.0, 1.0), 200)] == [
        "4 seeds",
        "seed 9",
    ]
