"""The document as a whole: what must hold of every report."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import gandiag_html
from gandiag.experiment.loading import experiment_from, read_experiment
from gandiag.store.results import Results

Store = Callable[[Any], Results]
VOID = {"meta", "br", "img", "input", "link", "hr"}


class Document(HTMLParser):
    """The elements of a document, and whether they close as they open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] != "style":
            self.text += data

    def values(self, name: str) -> list[str]:
        """All values of an attribute."""
        return [held[name] or "" for _, held in self.elements if name in held]


def plane(synthetic_stores: Any) -> Results:
    """A store of a target in the plane, with one failing seed far away."""
    table = read_experiment("devnag-1d").resolved()
    table["data"] = {
        "kind": "multivariate-normal",
        "means": [1.0, 1.0],
        "covariance": [[1.0, 0.8], [0.8, 1.0]],
    }
    table["generator"]["layers"][-1]["units"] = 2
    table["success"] = [{"column": "mean_0", "low": 0.7, "high": 1.3}]
    good = synthetic_stores.run(0, "good", mean=(1.0, 1.0), std=(1.0, 0.9))
    far = synthetic_stores.run(1, "concave", mean=(300.0, -2.0), std=(0.3, 0.0))
    return synthetic_stores.store([good, far], {"": experiment_from(table, "the test")})


def grid(synthetic_stores: Any) -> Results:
    """Three points of a grid, one of them bad."""
    points = {f"schedule.batch={n}": read_experiment("devnag-1d") for n in (500, 100, 12)}
    return synthetic_stores.store(
        [
            synthetic_stores.run(seed, "concave" if point.endswith("=12") else "good", point=point)
            for point in points
            for seed in range(2)
        ],
        points,
    )


def infinite(synthetic_stores: Any) -> Results:
    """A store in which everything that can be is not finite, or is huge."""
    results = synthetic_stores.of("good", "concave", "diverged")
    values = np.array([np.nan, np.inf, -np.inf, 1e308, -1e308])
    for column in ("mean", "std", "d_loss", "g_loss", "wasserstein"):
        results.series[column] = np.resize(values, len(results.series))
    return results


STORES: dict[str, Store] = {
    "ten seeds": lambda synthetic_stores: synthetic_stores.ten(),
    "one seed": lambda synthetic_stores: synthetic_stores.of("good"),
    "thirty seeds": lambda synthetic_stores: synthetic_stores.of(
        *(["good"] * 7 + ["concave", "spike", "diverged"]) * 3
    ),
    "every ending": lambda synthetic_stores: synthetic_stores.of(
        *("good", "concave", "spike", "diverged", "at once", "crashed", "timed out"),
        *("running", "pending", "interrupted"),
    ),
    "two backends": lambda synthetic_stores: synthetic_stores.store(
        [
            synthetic_stores.run(s, "good", backend=b)
            for b in ("torch", "tensorflow")
            for s in range(3)
        ]
    ),
    "a grid": grid,
    "a point": lambda synthetic_stores: synthetic_stores.of(
        "unjudged", "diverged", experiment="dirac"
    ),
    "a pre-trained discriminator": lambda synthetic_stores: synthetic_stores.of(
        "spike", "good", experiment="aylien-1d"
    ),
    "the plane": plane,
    "nothing finite": infinite,
    "nothing recorded": lambda synthetic_stores: synthetic_stores.of("pending", "at once"),
    "no runs": lambda synthetic_stores: synthetic_stores.store([]),
}


@pytest.fixture(scope="module", params=STORES.values(), ids=STORES.keys())
def text(synthetic_stores: Any, request: pytest.FixtureRequest) -> str:
    """The report of each store."""
    return gandiag_html.render(request.param(synthetic_stores))


def test_every_store_gives_a_whole_document_that_loads_nothing(text: str) -> None:
    document = Document(text)
    tags = {tag for tag, _ in document.elements}
    assert not tags & {
        "script",
        "link",
        "iframe",
        "object",
        "embed",
        "image",
        "foreignobject",
    }
    assert all(each.startswith("data:image/png;base64,") for each in document.values("src"))
    assert all(link.startswith("#") for link in document.values("href"))
    assert "http:" not in text
    assert "https:" not in text
    assert "@import" not in text
    assert set(re.findall(r"url\(.", text)) <= {"url(#"}


def test_every_identifier_is_unique_and_every_reference_leads_somewhere(text: str) -> None:
    document = Document(text)
    ids = Counter(document.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    targets = [link[1:] for link in document.values("href")]
    targets += [clip[5:-1] for clip in document.values("clip-path")]
    targets += document.values("aria-labelledby")
    targets += document.values("for")
    assert set(targets) <= set(ids)


def test_headings_come_in_order_and_pictures_have_names(text: str) -> None:
    document = Document(text)
    levels = [int(tag[1]) for tag, _ in document.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    pictures = [held for tag, held in document.elements if tag == "svg"]
    seen = [held for held in pictures if held.get("aria-hidden") != "true"]
    assert all(held["role"] == "img" and held["aria-label"] for held in seen)
    assert all(held["class"] == "stored" for held in pictures if held not in seen)


def test_the_same_store_gives_the_same_bytes(
    synthetic_stores: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = synthetic_stores.of("good", "concave", "diverged", "running")
    first = gandiag_html.render(results)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    import matplotlib

    with matplotlib.rc_context({"svg.fonttype": "path", "lines.linewidth": 9, "font.size": 30}):
        assert gandiag_html.render(results) == first


def test_drawing_leaves_the_users_settings_alone(synthetic_stores: Any) -> None:
    import matplotlib

    with matplotlib.rc_context({"lines.linewidth": 9}):
        gandiag_html.render(synthetic_stores.of("good"))
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_hostile_text_stays_text(synthetic_stores: Any) -> None:
    evil = '</style></p><script>alert("1")</script><img src=x onerror=alert(1)> $\\frac{'
    run = synthetic_stores.run(0, "crashed", error=evil, extra={"mode": evil, "verdict": evil})
    results = replace(synthetic_stores.store([run]), provenance={"command": evil, evil: [evil]})
    document = Document(gandiag_html.render(results))
    assert not {"script", "img"} & {tag for tag, _ in document.elements}
    assert "RuntimeError" not in document.text
    assert '<script>alert("1")</script>' in document.text


def test_no_home_directory_is_named(synthetic_stores: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    run = synthetic_stores.run(0, "crashed", error="no space left in '/home/grace/runs/1'")
    results = synthetic_stores.store([run])
    text = gandiag_html.render(results)
    assert "no space left in &#39;~/runs/1&#39;" in text
    assert "--store ~/runs" in text
    assert "ada" not in text
    assert "grace" not in text
    assert str(results.directory) not in text


def test_ten_seeds_make_a_file_that_can_be_mailed(synthetic_stores: Any) -> None:
    assert len(gandiag_html.render(synthetic_stores.ten()).encode()) < 500_000


def test_the_success_rule_and_the_final_values_are_shown(synthetic_stores: Any) -> None:
    text = " ".join(Document(gandiag_html.render(synthetic_stores.ten())).text.split())
    assert "8 of 10 seeds reached the target, 95 % interval 44\N{EN DASH}97 %" in text
    assert "Seeds 4 and 9 did not: Seed 4 ended with mean 5.99 (above 4.5)" in text
    assert "3.5 ≤ mean ≤ 4.5 and 0.75 ≤ std ≤ 1.75, on the mean of the last tenth" in text
    assert "4.00" in text
    assert "± 0.025" in text
    assert "floor 0.026" in text


def test_missing_columns_have_a_reason(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("good", experiment="aylien-1d")
    why = "the latent is stratified"
    results = replace(results, provenance={"notes": {"se": why, "floor": why}})
    text = " ".join(Document(gandiag_html.render(results)).text.split())
    assert "No standard error and no floor: the latent is stratified." in text
    assert "pre-trained on the density of the data for 1,000 iterations; its loss went" in text


def test_importing_the_plug_in_loads_no_drawing_library_and_no_framework() -> None:
    code = (
        "import sys, gandiag_html;"
        "heavy = ('matplotlib', 'seaborn', 'jinja2', 'pandas', 'torch', 'tensorflow');"
        "print([m for m in heavy if m in sys.modules]);"
        "import gandiag_html.page;"
        "print([m for m in ('torch', 'tensorflow', 'gandiag_torch') if m in sys.modules])"
    )
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert seen.stdout.split() == ["[]", "[]"]
