"""Runs of somebody's own loops: every panel holds, and what went wrong is seen at a glance."""

from __future__ import annotations

import io
import re
import tomllib
import warnings
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import gandiag
import gandiag_html
from gandiag.cli.run_table import print_runs
from gandiag.data.samples import Samples
from gandiag.monitoring.never_raises import MonitorWarning
from gandiag.store.results import Results
from gandiag_html.configurations import collect_configurations
from gandiag_html.figures.density import kernel_density
from gandiag_html.figures.images import grid, range_of
from gandiag_html.figures.projection import principal_axes
from gandiag_html.telling import losses, measures

Floats = NDArray[np.float64]
MonitorStores = Any

ANGLES = 2 * np.pi * np.arange(8) / 8
RING = 2 * np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)


def ring(rng: np.random.Generator, n: int, modes: int = 8) -> Floats:
    """Points of some of eight narrow modes in a circle, shape [n, 2]."""
    return np.asarray(RING[rng.integers(modes, size=n)] + 0.05 * rng.normal(size=(n, 2)))


def modes(*, fake: Floats) -> Any:
    """How much of the circle is there."""
    return gandiag.metrics.mode_coverage(fake=fake, centres=RING, std=0.05)


def on_the_line(monitor_stores: MonitorStores) -> Results:
    """Seed 1 collapses at two thirds of its way."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        wide = 0.04 if seed == 1 and part > 0.66 else 0.5
        return 4 - 3 * np.exp(-8 * part) + wide * rng.normal(size=1000)

    real = np.random.default_rng(1).normal(4, 0.5, 3000)
    rule = {"mean": (3.75, 4.25), "std": (0.4, 0.6)}
    return monitor_stores.store("line", made, real=real, seeds=3, success=rule, iterations=1000)


def two_modes(monitor_stores: MonitorStores) -> Results:
    """Real samples of two narrow modes; the seeds have one of them."""
    rng = np.random.default_rng(2)
    real = np.concatenate([rng.normal(-2, 0.1, 900), rng.normal(3, 0.3, 1100)])

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return rng.normal(-2 if seed else 3, 0.2, (1000, 1))

    return monitor_stores.store("two-modes", made, real=real)


def in_the_plane(monitor_stores: MonitorStores) -> Results:
    """Of eight modes seed 1 keeps one."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return ring(rng, 1000, 1 if seed == 1 and part > 0.5 else 8) * min(1, 0.2 + 2 * part)

    def logged(seed: int, part: float) -> Mapping[str, float]:
        return {"d_loss": 1.3, "g_loss": 0.7, "lr": 2e-4, "grad norm": 1 / (0.1 + part)}

    real = ring(np.random.default_rng(3), 3000)
    return monitor_stores.store(
        "ring", made, real=real, metrics={"modes": modes}, logged=logged, seeds=3
    )


def vectors(monitor_stores: MonitorStores) -> Results:
    """Five coordinates, with options."""
    mixing = np.random.default_rng(4).normal(size=(5, 5))

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return np.asarray((0.2 + 0.8 * part) * rng.normal(size=(800, 5)) @ mixing)

    real = np.random.default_rng(5).normal(size=(2000, 5)) @ mixing
    options = {"lr": 2e-4, "betas": (0.5, 0.999), "where": "/home/ada/data", "note": 'a "b"'}
    return monitor_stores.store("vectors", made, real=real, options=options)


def blobs(rng: np.random.Generator, n: int, size: int, few: int | None = None) -> Floats:
    """Images [n, size, size] of a bright spot; of a few places only, if so."""
    places = rng.uniform(0.2, 0.8, size=(n, 2)) if few is None else np.full((n, 2), 0.35)
    y, x = np.mgrid[:size, :size] / size
    away = (x - places[:, :1, None]) ** 2 + (y - places[:, 1:, None]) ** 2
    return np.asarray(np.exp(-away / 0.02))


def digits(monitor_stores: MonitorStores) -> Results:
    """Images [28, 28] from 0 to 1; seed 1 makes always the same."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        noise = 0.3 * (1 - part) * rng.random((60, 28, 28))
        return blobs(rng, 60, 28, 1 if seed == 1 and part > 0.4 else None) * 0.9 + noise

    real = blobs(np.random.default_rng(6), 400, 28)
    return monitor_stores.store("digits", made, real=real, seeds=3)


def colours(monitor_stores: MonitorStores) -> Results:
    """Images [3, 16, 16] from -1 to 1."""

    def coloured(rng: np.random.Generator, n: int) -> Floats:
        return np.asarray(2 * blobs(rng, n, 16)[:, None] * rng.random((n, 3, 1, 1)) - 1)

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return coloured(rng, 60)

    return monitor_stores.store("colours", made, real=coloured(np.random.default_rng(7), 300))


def alone(monitor_stores: MonitorStores) -> Results:
    """The data are unknown."""
    return monitor_stores.store("alone", lambda seed, part, rng: rng.normal(size=(500, 2)))


def without_samples(monitor_stores: MonitorStores) -> Results:
    """Losses and other numbers alone."""

    def logged(seed: int, part: float) -> Mapping[str, float]:
        parts = {"d_loss_real": 0.6, "d_loss_fake": 0.5 + part}
        return {"d_loss": 1.0 + part, "g_loss": 2.0, "fid": 300 * np.exp(-part)} | parts

    return monitor_stores.store("scalars", None, logged=logged)


def diverged(monitor_stores: MonitorStores) -> Results:
    """Seed 1 is not finite from two fifths of the way on."""

    def made(seed: int, part: float, rng: np.random.Generator) -> Floats:
        return rng.normal(size=600) * (np.nan if seed == 1 and part > 0.4 else 1.0)

    def logged(seed: int, part: float) -> Mapping[str, float]:
        return {"d_loss": np.inf if seed == 1 and part > 0.4 else 1.3, "g_loss": 0.7}

    real = np.random.default_rng(8).normal(size=1000)
    return monitor_stores.store(
        "diverged", made, real=real, logged=logged, success={"std": (0.8, None)}
    )


def quiet(monitor_stores: MonitorStores) -> Results:
    """Nothing but complaints: a metric fails, a scalar is none, and then the disk is full."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", MonitorWarning)
        _complain(monitor_stores.directory / "quiet")
    return gandiag.load(monitor_stores.directory / "quiet")


def _complain(directory: Path) -> None:
    def broken(*, fake: Floats) -> float:
        raise OSError("no such file: /home/ada/classifier.pt")

    def full(row: Any) -> None:
        raise OSError("no space left on device")

    monitor = gandiag.Monitor(directory, real=np.eye(50, 2), metrics={"fid": broken})
    for step in range(300):
        monitor.log(step, d_loss=0.5, g_loss=np.zeros(3))
        if monitor.wants_samples(step):
            monitor.log_samples(step, fake=np.random.default_rng(step).normal(size=(60, 2)))
    monitor._sink.append = full  # type: ignore[method-assign]
    monitor.log_samples(301, fake=np.zeros((60, 2)))


STORES_OF_LOOPS: Mapping[str, Callable[[MonitorStores], Results]] = {
    made.__name__: made
    for made in (
        *(on_the_line, two_modes, in_the_plane, vectors, digits, colours, alone),
        *(without_samples, diverged, quiet),
    )
}


TITLES = r"<figcaption>([^<]*)</figcaption>"
PICTURE = r'<img class="images" src="data:image/png;base64,([^"]*)"'


@pytest.fixture(scope="session")
def stores(monitor_stores: MonitorStores) -> dict[str, Results]:
    """All of them."""
    return {name: made(monitor_stores) for name, made in STORES_OF_LOOPS.items()}


@pytest.fixture(scope="session")
def texts(stores: dict[str, Results]) -> dict[str, str]:
    """Their reports."""
    return {name: gandiag_html.render(results) for name, results in stores.items()}


def read(text: str) -> str:
    """What a reader reads."""
    return " ".join(unescape(re.sub(r"<style.*?</style>|<[^>]*>", " ", text, flags=re.S)).split())


def pixels(text: str) -> list[NDArray[Any]]:
    """The pictures of images in a report, those of the frames left aside."""
    image = pytest.importorskip("PIL.Image")
    found = re.findall(PICTURE, text.partition('<section id="replay"')[0])
    return [np.asarray(image.open(io.BytesIO(b64decode(each))).convert("RGB")) for each in found]


@pytest.mark.parametrize("name", STORES_OF_LOOPS)
def test_the_document_loads_nothing_and_its_identifiers_are_unique(
    texts: dict[str, str], name: str
) -> None:
    text = texts[name]
    assert not re.findall(r"<(script|link|iframe|object|embed|image|foreignObject)\b", text)
    assert all(
        each.startswith("data:image/png;base64,") for each in re.findall(r'src="(.*?)"', text)
    )
    assert "http:" not in text
    assert "https:" not in text
    ids = re.findall(r'\bid="(.*?)"', text)
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in re.findall(r'href="(.*?)"', text)} <= set(ids)


@pytest.mark.parametrize("name", STORES_OF_LOOPS)
def test_only_pictures_of_pixels_widen_the_policy(texts: dict[str, str], name: str) -> None:
    (policy,) = re.findall(r'Security-Policy" content="(.*?)"', texts[name])
    pictured = name in ("digits", "colours", "in_the_plane", "vectors", "alone")
    assert ("img-src data:" in policy) == ("<img" in texts[name]) == pictured


def test_the_same_store_gives_the_same_bytes(
    stores: dict[str, Results], texts: dict[str, str]
) -> None:
    for name in ("digits", "vectors"):
        assert gandiag_html.render(stores[name]) == texts[name]


def test_a_collapse_on_the_line_breaks_the_rule_and_is_drawn(
    texts: dict[str, str],
) -> None:
    text = texts["on_the_line"]
    assert "Seed 1 ended with std 0.0" in read(text)
    assert re.findall(TITLES, text.partition('<section id="trajectories"')[2])[:3] == [
        "Mean",
        "Standard deviation",
        "Wasserstein distance",
    ]
    assert "over the density of the real samples (dashed, smoothed)" in read(text)
    assert "Standard deviation over the iterations, 3 runs; floor 0.4" in text


def test_without_a_rule_the_seed_that_went_astray_is_named(texts: dict[str, str]) -> None:
    text = texts["in_the_plane"]
    modes, *_ = re.findall(r'aria-label="Modes captured over.*?</svg>', text, flags=re.S)
    assert "floor 8" in modes
    assert re.findall(r">(seed \d)<", modes) == ["seed 1"]


def test_metrics_come_before_what_was_logged_and_constants_are_not_drawn(
    stores: dict[str, Results], texts: dict[str, str]
) -> None:
    (configuration,) = collect_configurations(stores["in_the_plane"])
    names = measures(configuration)
    assert names[:4] == ["modes", "modes_robust", "high_quality", "sliced_wasserstein"]
    assert names[-2:] == ["lr", "grad norm"]
    assert not [name for name in names if name.startswith(("histogram", "cov", "skew"))]
    assert losses(configuration) == ["d_loss", "g_loss"]
    text = texts["in_the_plane"]
    assert "grad norm" in re.findall(TITLES, text)
    assert "Not drawn, but in the table of all runs: lr." in read(text)
    assert '<th scope="col" class="figure">lr</th>' in text


def test_other_losses_stand_with_the_losses(stores: dict[str, Results]) -> None:
    (configuration,) = collect_configurations(stores["without_samples"])
    assert losses(configuration) == ["d_loss", "g_loss", "d_loss_real", "d_loss_fake"]
    assert measures(configuration) == ["fid"]


def test_many_coordinates_are_seen_in_the_plane_where_the_data_vary_the_most(
    texts: dict[str, str],
) -> None:
    said = read(texts["vectors"])
    assert "the first two principal axes of the real samples" in said
    assert "spread" in said


def test_the_options_are_shown_and_no_home_directory(texts: dict[str, str]) -> None:
    (code,) = re.findall(r"<code>(.*?)</code>", texts["vectors"], flags=re.S)
    table = tomllib.loads(unescape(code))
    assert table["kind"] == "recorded"
    assert table["name"] == "vectors"
    assert table["options"]["lr"] == 2e-4
    assert table["options"]["note"] == 'a "b"'
    assert table["options"]["where"] == "~/data"
    assert "your own code" in read(texts["vectors"])


def test_real_images_come_once_and_every_seed_after_them(texts: dict[str, str]) -> None:
    real, *fake = pixels(texts["digits"])
    assert len(fake) == 3
    assert real.shape == (5 * 29 - 1, 5 * 29 - 1, 3)
    assert real.max() > 240  # 1 is white for the real ones, and .9 is not for the fake ones
    assert all(200 < each[:28, :28].max() < 240 for each in fake)
    collapsed = fake[1]
    assert np.abs(collapsed[:28, :28].astype(int) - collapsed[29:57, 29:57]).max() < 3
    assert "In every picture 0 is drawn black and 1 white." in read(texts["digits"])
    assert "In every picture \N{MINUS SIGN}1 is drawn black" in read(texts["colours"])
    assert pixels(texts["colours"])[0].shape == (5 * 17 - 1, 5 * 17 - 1, 3)


def test_channels_first_and_last_give_the_same_picture() -> None:
    images = np.random.default_rng(0).random((9, 3, 8, 6))
    span = range_of([images])
    first = grid(images.reshape(9, -1), (3, 8, 6), span, 1, "a")
    last = grid(np.moveaxis(images, 1, -1).reshape(9, -1), (8, 6, 3), span, 1, "a")
    assert first == last
    assert pixels(str(first))[0].shape == (3 * 9 - 1, 3 * 7 - 1, 3)


@pytest.mark.parametrize(
    ("values", "low", "high"),
    [([0.1, 1.0], 0, 1), ([-1.0, 0.2], -1, 1), ([0, 3, 200], 0, 255), ([-2.0, 2.0], -2, 2)],
)
def test_the_range_is_the_usual_one_that_holds_the_values(
    values: list[float], low: float, high: float
) -> None:
    found = range_of([np.array(values)])
    assert (found.low, found.high) == pytest.approx((low, high), rel=0.01)


def test_values_beyond_the_range_are_said_to_be(monitor_stores: MonitorStores) -> None:
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


def test_unknown_data_leave_the_samples_alone(texts: dict[str, str]) -> None:
    assert "The data are unknown" in read(texts["alone"])
    assert "the data" not in re.findall(r"</span>([^<]*)</li>", texts["alone"])
    assert "No samples were kept" in texts["without_samples"]


def test_a_run_that_diverged_failed_and_ends_with_a_cross(texts: dict[str, str]) -> None:
    said = read(texts["diverged"])
    assert "1 of 2 seeds reached the target" in said
    assert "Seed 1 diverged at iteration 410." in said
    assert "No sample is finite" in said


def test_what_could_not_be_recorded_is_said_as_what_it_is(texts: dict[str, str]) -> None:
    said = read(texts["quiet"])
    assert "Not everything could be recorded." in said
    assert "g_loss was not recorded: it has shape (3,); log its mean" in said
    assert "the metric fid was not recorded: OSError: no such file: ~/classifier.pt" in said
    assert "it stopped recording after step 301: OSError: no space left on device" in said
    assert "No monitor" not in said
    assert "interrupted at iteration 200: the monitor stopped recording" in said


def test_the_axis_ends_where_it_was_planned_or_where_the_records_do(
    stores: dict[str, Results],
) -> None:
    assert collect_configurations(stores["quiet"])[0].end == 200
    assert collect_configurations(stores["on_the_line"])[0].end == 1000


def test_a_long_seed_does_not_widen_the_page(
    monitor_stores: MonitorStores, opened: Callable[..., Any]
) -> None:
    for seed in (20240601, 20240602):
        monitor = gandiag.Monitor(
            monitor_stores.directory / "long", seed=seed, success={"std": (1, None)}
        )
        monitor.log_samples(0, fake=np.array([0.0, 0.1 * (seed % 10)]))
        monitor.close()
    text = gandiag_html.render(gandiag.load(monitor_stores.directory / "long"))
    page = opened(text, viewport={"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_samples_that_come_seldom_are_joined_by_lines(monitor_stores: MonitorStores) -> None:
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


def test_images_without_real_ones_are_drawn_alone(stores: dict[str, Results]) -> None:
    known = stores["digits"]
    nothing = Samples(np.empty((0, 784), np.float32), (28, 28))
    text = gandiag_html.render(replace(known, data={"": nothing}))
    assert len(pixels(text)) == 3
    assert "No real images are available for comparison." in read(text)


def test_the_terminal_shows_what_was_measured(
    stores: dict[str, Results], capsys: pytest.CaptureFixture[str]
) -> None:
    for results in stores.values():
        print_runs(results, results.runs)
    out = capsys.readouterr().out
    headings = [line.split() for line in out.splitlines() if line.split()[:1] == ["seed"]]
    shown = dict(zip(stores, [line[5:-1] for line in headings], strict=True))
    assert shown["on_the_line"] == ["mean", "std", "wasserstein"]
    assert shown["in_the_plane"][:3] == ["sliced_wasserstein", "modes", "modes_robust"]
    assert shown["vectors"] == ["sliced_wasserstein", "spread"]
    assert shown["without_samples"] == ["fid"]


def test_a_density_is_as_narrow_as_its_modes() -> None:
    rng = np.random.default_rng(0)
    density = kernel_density(np.concatenate([rng.normal(-5, 0.1, 1000), rng.normal(5, 0.1, 1000)]))
    assert density is not None
    x = np.linspace(-8, 8, 2001)
    assert np.trapezoid(density(x), x) == pytest.approx(1, abs=0.01)
    assert density(np.array([5.0]))[0] > 0.75 * 0.5 / (0.1 * np.sqrt(2 * np.pi))
    assert density(np.array([0.0]))[0] < 1e-6


def test_a_density_of_one_value_is_none() -> None:
    assert kernel_density(np.zeros(50)) is None
    assert kernel_density(np.empty(0)) is None


def test_the_data_may_be_one_point_and_the_generator_too(monitor_stores: MonitorStores) -> None:
    results = monitor_stores.store("point", lambda s, p, rng: np.full(20, 1 - p), real=np.zeros(20))
    assert "Standard deviation" in read(gandiag_html.render(results))


def test_the_plane_is_that_of_the_widest_directions() -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(500, 4)) * [0.1, 3.0, 0.2, 2.0]
    plane = principal_axes(Samples(values.astype(np.float32), (4,)))
    assert np.abs(plane.axes[1, 0]) > 0.99
    assert np.abs(plane.axes[3, 1]) > 0.99
    assert plane.axes.max(axis=0).min() > 0.99
    assert plane.of(values).std(axis=0) == pytest.approx([3.0, 2.0], rel=0.1)


@pytest.mark.parametrize("width", [320, 1400])
def test_the_page_never_scrolls_sideways(
    texts: dict[str, str], opened: Callable[..., Any], width: int
) -> None:
    for text in texts.values():
        page = opened(text, viewport={"width": width, "height": 800})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_images_are_seen_and_nothing_is_asked_for(
    texts: dict[str, str], opened: Callable[..., Any]
) -> None:
    for name in ("digits", "colours"):
        page = opened(texts[name])
        widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
        assert min(widths) > 50
        assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []
        assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["digits", "in_the_plane", "on_the_line", "quiet"])
def test_everybody_can_read_it(
    texts: dict[str, str], opened: Callable[..., Any], scheme: str, name: str
) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    page = opened(texts[name], color_scheme=scheme, viewport={"width": 375, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = axe.Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
