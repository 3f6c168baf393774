"""Runs of somebody's own loops: every panel holds, and what went wrong is seen at a glance."""

from __future__ import annotations

import io
import re
import tomllib
from base64 import b64decode
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import gandiag
import gandiag_html
from gandiag.cli.run_table import print_runs
from gandiag.data.samples import Samples
from gandiag.store.results import Results
from gandiag_html.column_selection import loss_columns, metric_columns
from gandiag_html.configurations import collect_configurations

from .training_loops import LOOPS

Floats = NDArray[np.float64]
MonitorStores = Any

TITLES = r"<figcaption>([^<]*)</figcaption>"
PICTURE = r'<img class="images" src="data:image/png;base64,([^"]*)"'


def read(text: str) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.S)).split())


def pixels(text: str) -> list[NDArray[Any]]:
    """The pictures of images in a report, those of the frames left aside."""
    found = re.findall(PICTURE, text.partition('<section id="replay"')[0])
    return [np.asarray(Image.open(io.BytesIO(b64decode(each))).convert("RGB")) for each in found]


@pytest.mark.parametrize("name", LOOPS)
def test_the_document_loads_nothing_and_its_identifiers_are_unique(
    loop_reports: dict[str, str], name: str
) -> None:
    text = loop_reports[name]
    assert not re.findall(r"<(script|link|iframe|object|embed|image|foreignObject)\b", text)
    assert all(
        each.startswith("data:image/png;base64,") for each in re.findall(r'src="(.*?)"', text)
    )
    assert "http:" not in text
    assert "https:" not in text
    ids = re.findall(r'\bid="(.*?)"', text)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in re.findall(r'href="(.*?)"', text)} <= set(ids)


@pytest.mark.parametrize("name", LOOPS)
def test_only_png_pictures_extend_the_policy(loop_reports: dict[str, str], name: str) -> None:
    (policy,) = re.findall(r'Security-Policy" content="(.*?)"', loop_reports[name])
    pictured = name in ("digits", "colours", "in_the_plane", "vectors", "alone")
    assert ("img-src data:" in policy) == ("<img" in loop_reports[name]) == pictured


def test_the_same_store_gives_the_same_bytes(
    loop_stores: dict[str, Results], loop_reports: dict[str, str]
) -> None:
    for name in ("digits", "vectors"):
        assert gandiag_html.render(loop_stores[name]) == loop_reports[name]


def test_a_collapse_on_the_line_breaks_the_rule_and_is_drawn(
    loop_reports: dict[str, str],
) -> None:
    text = loop_reports["on_the_line"]
    assert "Seed 1 ended with std 0.0" in read(text)
    assert re.findall(TITLES, text.partition('<section id="trajectories"')[2])[:3] == [
        "Mean",
        "Standard deviation",
        "Wasserstein distance",
    ]
    assert "over the density of the real samples (dashed, smoothed)" in read(text)
    assert "Standard deviation over the iterations, 3 runs; floor 0.4" in text


def test_without_a_rule_the_seed_that_ended_elsewhere_is_labelled(
    loop_reports: dict[str, str],
) -> None:
    text = loop_reports["in_the_plane"]
    modes, *_ = re.findall(r'aria-label="Modes captured over.*?</svg>', text, flags=re.S)
    assert "floor 8" in modes
    assert re.findall(r">(seed \d)<", modes) == ["seed 1"]


def test_metrics_come_before_what_was_logged_and_constants_are_not_drawn(
    loop_stores: dict[str, Results], loop_reports: dict[str, str]
) -> None:
    (configuration,) = collect_configurations(loop_stores["in_the_plane"])
    names = metric_columns(configuration)
    assert names[:4] == ["modes", "modes_robust", "high_quality", "sliced_wasserstein"]
    assert names[-2:] == ["lr", "grad norm"]
    assert not [name for name in names if name.startswith(("histogram", "cov", "skew"))]
    assert loss_columns(configuration) == ["d_loss", "g_loss"]
    text = loop_reports["in_the_plane"]
    assert "grad norm" in re.findall(TITLES, text)
    assert "Not drawn, but in the table of all runs: lr." in read(text)
    assert '<th scope="col" class="figure">lr</th>' in text


def test_other_losses_are_drawn_with_the_losses(loop_stores: dict[str, Results]) -> None:
    (configuration,) = collect_configurations(loop_stores["without_samples"])
    assert loss_columns(configuration) == ["d_loss", "g_loss", "d_loss_real", "d_loss_fake"]
    assert metric_columns(configuration) == ["fid"]


def test_many_coordinates_are_projected_onto_the_principal_axes(
    loop_reports: dict[str, str],
) -> None:
    said = read(loop_reports["vectors"])
    assert "the first two principal axes of the real samples" in said
    assert "spread" in said


def test_the_options_are_shown_and_no_home_directory(loop_reports: dict[str, str]) -> None:
    (code,) = re.findall(r"<code>(.*?)</code>", loop_reports["vectors"], flags=re.S)
    table = tomllib.loads(unescape(code))
    assert table["kind"] == "recorded"
    assert table["name"] == "vectors"
    assert table["options"]["lr"] == 2e-4
    assert table["options"]["note"] == 'a "b"'
    assert table["options"]["where"] == "~/data"
    assert "your own code" in read(loop_reports["vectors"])


def test_real_images_are_shown_once_before_the_seeds(loop_reports: dict[str, str]) -> None:
    real, *fake = pixels(loop_reports["digits"])
    assert len(fake) == 3
    assert real.shape == (5 * 29 - 1, 5 * 29 - 1, 3)
    assert real.max() > 240  # 1 is white for the real ones, and .9 is not for the fake ones
    assert all(200 < each[:28, :28].max() < 240 for each in fake)
    collapsed = fake[1]
    assert np.abs(collapsed[:28, :28].astype(int) - collapsed[29:57, 29:57]).max() < 3
    assert "In every picture 0 is drawn black and 1 white." in read(loop_reports["digits"])
    assert "In every picture \N{MINUS SIGN}1 is drawn black" in read(loop_reports["colours"])
    assert pixels(loop_reports["colours"])[0].shape == (5 * 17 - 1, 5 * 17 - 1, 3)


def test_values_outside_the_range_are_reported(monitor_stores: MonitorStores) -> None:
    real = np.random.default_rng(0).random((40, 8, 8))
    results = monitor_stores.store(
        "bright", lambda s, p, rng: 3 * rng.random((40, 8, 8)), real=real
    )
    assert "% of the values lie outside the range" in read(gandiag_html.render(results))


def test_ten_seeds_of_colour_images_make_a_file_that_can_be_mailed(
    monitor_stores: MonitorStores,
) -> None:
    def noise(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return rng.random((25, 3, 64, 64))

    real = np.random.default_rng(0).random((25, 3, 64, 64))
    none = {"spread": None, "sliced_wasserstein": None}
    results = monitor_stores.store("large", noise, real=real, seeds=10, steps=50, metrics=none)
    assert len(gandiag_html.render(results).encode()) < 3_000_000


def test_samples_of_unknown_data_are_shown_without_a_comparison(
    loop_reports: dict[str, str],
) -> None:
    assert "The data are unknown" in read(loop_reports["alone"])
    assert "the data" not in re.findall(r"</span>([^<]*)</li>", loop_reports["alone"])
    assert "No samples were kept" in loop_reports["without_samples"]


def test_a_run_that_diverged_failed_and_ends_with_a_cross(loop_reports: dict[str, str]) -> None:
    said = read(loop_reports["diverged"])
    assert "1 of 2 seeds reached the target" in said
    assert "Seed 1 diverged at iteration 410." in said
    assert "No sample is finite" in said


def test_values_that_could_not_be_recorded_are_listed(loop_reports: dict[str, str]) -> None:
    said = read(loop_reports["quiet"])
    assert "Not everything could be recorded, or something looks like a bug." in said
    assert "g_loss was not recorded: it has shape (3,); log its mean" in said
    assert "the metric fid was not recorded: OSError: no such file: ~/classifier.pt" in said
    assert "it stopped recording after step 301: OSError: no space left on device" in said
    assert "No monitor" not in said
    assert "interrupted at iteration 200: the monitor stopped recording" in said


def test_the_axis_ends_where_it_was_planned_or_where_the_records_do(
    loop_stores: dict[str, Results],
) -> None:
    assert collect_configurations(loop_stores["quiet"])[0].end == 200
    assert collect_configurations(loop_stores["on_the_line"])[0].end == 1000


def test_rare_samples_are_joined_by_lines(monitor_stores: MonitorStores) -> None:
    directory = monitor_stores.directory / "sparse"
    with gandiag.Monitor(directory, every=10, success={"std": (0.9, 1.1)}) as monitor:
        for step in range(1, 996):
            monitor.log(step, d_loss=1.0)
            if step % 100 == 0:
                rng = np.random.default_rng(step)
                monitor.log_samples(step, fake=rng.normal(size=2500))
    text = gandiag_html.render(gandiag.load(directory))
    (chart,) = re.findall(r'aria-label="Standard deviation over.*?</svg>', text, flags=re.S)
    assert len(re.findall(r'class="stroke-reached"', chart)) == 1
    assert "1 of 1 seed reached the target" in read(text)
    assert "not a number" not in read(text)


def test_an_evaluator_is_named(monitor_stores: MonitorStores) -> None:
    class Halves:
        name = "halves-v1"

        def features(self, samples: Floats) -> Floats:
            return samples[:, :4]

    results = monitor_stores.store(
        "evaluated", lambda s, p, rng: rng.normal(size=(90, 8)),
        real=np.random.default_rng(0).normal(size=(90, 8)), evaluator=Halves(),
    )  # fmt: skip
    said = read(gandiag_html.render(results))
    assert said.count("through the features of halves-v1") == 2
    assert "no evaluator" not in said


def test_images_without_real_ones_are_drawn_alone(loop_stores: dict[str, Results]) -> None:
    known = loop_stores["digits"]
    nothing = Samples(np.empty((0, 784), np.float32), (28, 28))
    text = gandiag_html.render(replace(known, data={"": nothing}))
    assert len(pixels(text)) == 3
    assert "No real images are available for comparison." in read(text)


def test_the_terminal_shows_what_was_measured(
    loop_stores: dict[str, Results], capsys: pytest.CaptureFixture[str]
) -> None:
    for results in loop_stores.values():
        print_runs(results, results.runs)
    out = capsys.readouterr().out
    headings = [line.split() for line in out.splitlines() if line.split()[:1] == ["seed"]]
    shown = dict(zip(loop_stores, [line[5:-1] for line in headings], strict=True))
    shares = ["lost_share", "misplaced_share"]
    assert shown["on_the_line"] == ["mean", "std", "wasserstein", *shares]
    assert shown["in_the_plane"][:3] == ["sliced_wasserstein", "modes", "modes_robust"]
    assert shown["vectors"] == ["sliced_wasserstein", "spread", *shares]
    assert shown["without_samples"] == ["fid"]


def test_the_data_may_be_one_point_and_the_generator_too(monitor_stores: MonitorStores) -> None:
    results = monitor_stores.store("point", lambda s, p, rng: np.full(20, 1 - p), real=np.zeros(20))
    assert "Standard deviation" in read(gandiag_html.render(results))
