"""The replay of our own experiments: what each frame holds, and how a reader goes through them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np

import gandiag_html
from gandiag.data.samples import Samples
from gandiag.store.results import Results

Texts = dict[str, str]

MODES = [
    "Modes captured",
    "Modes with at least 10 % of their expected share",
    "High-quality share",
]


def panel(text: str, name: str) -> str:
    """One panel."""
    return text.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def read(text: str) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.S)).split())


def screens(text: str) -> Counter[str]:
    """How many pictures of every kind the frames hold."""
    return Counter(re.findall(r'class="card screen screen-(\w+)"', text))


def test_every_frame_has_samples_answers_and_losses(replays: Texts) -> None:
    assert screens(replays["chivers"]) == {"plane": 10, "field": 10, "answers": 10, "loss": 20}
    said = read(panel(replays["chivers"], "replay"))
    assert "All of its 5 frames are drawn." in said
    assert re.search(r"Discriminator’s loss \S+: cross-entropy \S+, L2 term \S+", said)


def test_parts_that_were_not_recorded_have_no_picture_and_no_explanation(replays: Texts) -> None:
    assert screens(replays["ring"]) == {"plane": 32, "answers": 32, "loss": 64}
    said = read(panel(replays["ring"], "replay"))
    assert "16 of its 20 frames are drawn." in said
    assert "32 of the 40 stored frames of these seeds are drawn." in said
    assert "violet" not in said
    assert "violet" in read(panel(replays["chivers"], "replay"))


def test_identifiers_are_unique_and_every_reference_leads_somewhere(replays: Texts) -> None:
    for text in replays.values():
        ids = re.findall(r'\bid="(.*?)"', text)
        assert len(ids) == len(set(ids))
        asked = re.findall(r'(?:href="#|url\(#| for=")([^")]*)', text)
        assert set(asked) <= set(ids)


def test_the_modes_are_counted_and_drawn(replays: Texts) -> None:
    titles = re.findall(r"<figcaption>([^<]*)</figcaption>", panel(replays["ring"], "trajectories"))
    assert titles[:3] == MODES
    assert not [title for title in titles if "coordinate" in title]
    tiles = panel(replays["ring"], "distributions")
    assert "over the modes of the data: a circle around each" in read(tiles)
    circles = re.findall(r' d="(M[^"]*C[^"]*)"', tiles)
    assert [path.count("M") for path in circles] == [8, 8]
    assert re.search(r"modes \d+ high quality \S+ %", read(tiles))


def test_the_equilibrium_is_that_of_the_cross_entropy_without_the_l2_term(
    replays: Texts,
) -> None:
    losses = panel(replays["chivers"], "losses")
    titles = re.findall(r"<figcaption>([^<]*)</figcaption>", losses)
    parts = ("loss", "cross-entropy", "L2 term")
    assert titles == [f"{who}’s {part}" for who in ("Discriminator", "Generator") for part in parts]
    said = re.findall(r'aria-label="([^"]*?); equilibrium ([^"]*)"', losses)
    assert [(label.partition(" over")[0], word) for label, word in said] == [
        ("Discriminator’s cross-entropy", "ln 2"),
        ("Generator’s cross-entropy", "−ln 2"),
    ]
    assert "the total loss may keep falling" in read(losses)


def test_ten_seeds_of_colour_images_keep_to_four_megabytes(synthetic_stores: Any) -> None:
    results = synthetic_stores.ten()
    rng = np.random.default_rng(0)
    for run in results.runs["run"]:
        values = rng.random((40, 25, 2352), dtype=np.float32)
        path = results.directory / "runs" / run / "samples.npz"
        np.savez(path, iterations=np.arange(40), values=values)
    images = Samples(np.empty((0, 2352), np.float32), (3, 28, 28))
    text = gandiag_html.render(replace(results, data={"": images}))
    assert 1_500_000 < len(text.encode()) < 4_000_000
    assert "16 of its 40 frames are drawn." in read(text)
    assert "Seed 9" in read(panel(text, "replay"))


def test_the_same_store_gives_the_same_bytes(replayed: dict[str, Results], replays: Texts) -> None:
    assert gandiag_html.render(replayed["ring"]) == replays["ring"]


def test_a_single_point_and_a_store_without_samples_have_no_replay(synthetic_stores: Any) -> None:
    for results in (
        synthetic_stores.of("unjudged", experiment="dirac"),
        synthetic_stores.of("diverged", "pending"),
    ):
        assert 'id="replay"' not in gandiag_html.render(results)


def test_unreadable_frames_are_left_out(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("good", "good")
    damaged = Path(results.directory) / results.runs["directory"][0] / "samples.npz"
    damaged.write_bytes(b"nothing")
    text = gandiag_html.render(results)
    assert "No samples were kept" in text
    assert 'id="g0-replay-1"' in text
    assert 'id="g0-replay-0"' not in text
