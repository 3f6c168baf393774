"""What the page says of every run, what it draws, and how far it says it is to be trusted."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

import gandiag_html
from gandiag.analysis.names import ALARMS
from gandiag.analysis.scope import Scope
from gandiag.diagnosis.runs import diagnose_runs
from gandiag.store.results import Results
from gandiag_html.cases import ORDER, Case, grounds
from gandiag_html.configurations import collect_configurations
from gandiag_html.figures.drawing import report_style
from gandiag_html.figures.episodes import LAYOUT, PROBLEMS, Bar, TimelineRow, problems_in, timeline
from gandiag_html.formatting import typeset
from gandiag_html.panels.diagnosis import MOST_DESCRIBED, MOST_ROWS, diagnosis, in_a_sentence
from gandiag_html.panels.panel import Panel

AT = 3000
"""The iteration of the planted collapse."""


class Words(HTMLParser):
    """What a reader sees of a piece of a page, in one line."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._parts: list[str] = []
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def __str__(self) -> str:
        return " ".join("".join(self._parts).split())


def words_of(text: str, part: str = '<section id="diagnosis".*?</section>') -> str:
    """The words of the panel, or of another part of a page."""
    found = re.search(part, text, re.DOTALL)
    assert found
    return str(Words(found[0]))


def panel(results: Results) -> Panel:
    """The panel of a store, not yet set in type."""
    with report_style():
        return diagnosis(collect_configurations(results), results)


def collapse(results: Results, run: str) -> None:
    """Narrows the samples of a run to nothing from an iteration on."""
    series = results.series
    late = (series["run"] == run) & (series["iteration"] >= AT) & (series["phase"] == "train")
    series.loc[late, "std"] = 0.01
    series.loc[late, "wasserstein"] = 0.95


@pytest.fixture(scope="module")
def planted(synthetic_stores: Any) -> Results:
    """Ten seeds, of which seed 2 collapses late, 4 and 9 end elsewhere, and 5 diverges."""
    endings = ["good"] * 4 + ["concave", "diverged"] + ["good"] * 3 + ["spike"]
    results: Results = synthetic_stores.of(*endings)
    collapse(results, "torch--2")
    return results


@pytest.fixture(scope="module")
def page(planted: Results) -> str:
    """Its report."""
    return gandiag_html.render(planted)


def test_every_run_has_its_verdict_and_its_sentence(planted: Results, page: str) -> None:
    seen = words_of(page)
    runs = diagnose_runs(planted)
    assert len(runs) == 10
    for run in runs:
        verdict = run.diagnosis.verdict
        mark = {"healthy": "✓", "unconverged": "…", "undecided": "…"}.get(verdict.name, "✕")
        line = f"{mark} {verdict.name} {verdict.since}: {typeset(verdict.statements[0])}"
        assert f"Seed {run.row['seed']} {' '.join(line.split()).replace(' :', ':')}" in seen


def cases_of(results: Results) -> list[Case]:
    """The runs of a store as the panel lists them."""
    (group,) = panel(results).context["groups"]
    return [case for block in group["blocks"] for case in (*block.cases, *block.collapsed)]


def test_an_episode_shows_its_interval_once(planted: Results, page: str) -> None:
    late = [one for case in cases_of(planted) for one in case.run.diagnosis.episodes
            if one.start > 999]  # fmt: skip
    assert {one.kind for one in late} >= {"collapse", "quality-regression"}
    for case in cases_of(planted):
        for (_, interval, text), episode in zip(case.episodes, case._by_weight, strict=False):
            assert interval == f"{episode.start:,}\N{EN DASH}{episode.end:,}"
            assert not re.search(rf"\b{episode.start:,}\b|to {episode.end:,}", text)
    for one in late:
        assert f"{one.start:,}\N{EN DASH}{one.end:,} {one.kind}: {typeset(one.description)}" in (
            words_of(page)
        )


def test_the_panel_selects_and_orders_without_reading_a_text(
    planted: Results, without_text: Callable[[], None]
) -> None:
    def selected() -> list[dict[str, Any]]:
        return [
            {
                "run": (case.outcome.seed, case.name, case.onset, case.kind, case.aside),
                "mover": case.mover,
                "counts": (case.is_plain, case.more, len([*case.misled])),
                "evidence": [numbers for _, numbers in case.evidence],
                "episodes": [(kind, when) for kind, when, _ in case.episodes],
            }
            for case in cases_of(planted)
        ]

    before = selected()
    without_text()
    assert selected() == before
    assert any(case["mover"] for case in before)
    assert {text[0] for case in cases_of(planted) for _, _, text in case.episodes} == {"x"}


def test_all_of_the_evidence_is_there_in_order_of_weight(planted: Results, page: str) -> None:
    seen = words_of(page)
    for run in diagnose_runs(planted):
        if run.diagnosis.verdict.name == "healthy":
            continue
        after = seen.index(f"in seed {run.row['seed']}")
        for finding in run.diagnosis.verdict.evidence:
            place = seen.find(" ".join(typeset(finding.sentence).split()), after)
            assert place >= after, finding.sentence
            after = place


def test_a_planted_collapse_has_its_onset_in_words_and_on_the_line(
    planted: Results, page: str
) -> None:
    (run,) = [one for one in diagnose_runs(planted) if one.row["seed"] == 2]
    onset = run.diagnosis.verdict.onset
    assert onset is not None
    assert abs(onset - AT) <= 100
    assert f"Seed 2 ✕ collapsed since iteration {onset:,}" in words_of(page)
    (picture,) = re.findall(r'<svg[^>]*aria-label="Timeline of.*?</svg>', page, re.DOTALL)
    bars = re.findall(r'class="[^"]*fill-failed"[^>]*d="([^"]*)"|d="([^"]*)"[^>]*fill-failed',
                      picture)  # fmt: skip
    starts = [float(x) for both in bars for x in re.findall(r"M(-?[\d.]+)", "".join(both))]
    where = LAYOUT.left + LAYOUT.inner[0] * onset / 5000
    assert min(abs(start - where) for start in starts) < 0.1


def test_what_is_wrong_comes_before_what_is_good(planted: Results) -> None:
    (group,) = panel(planted).context["groups"]
    names = [block.name for block in group["blocks"]]
    assert names == [name for name in ORDER if name in names]
    wrong = [name in ALARMS for name in names]
    assert wrong == sorted(wrong, reverse=True)
    assert len({*wrong}) == 2
    assert [row.verdict for row in group["rows"]] == [
        block.name for block in group["blocks"] for _ in range(block.count)
    ]


def test_the_verdicts_are_counted_at_the_head_of_the_page(planted: Results, page: str) -> None:
    (said,) = in_a_sentence(panel(planted)).values()
    assert sum(int(n) for n in re.findall(r"\d+", said)) == 10
    assert f"The diagnosis: {said}." in words_of(page, '<section id="stability".*?</section>')


BAND = "1,000 and more"  # no samples are counted in these records
"""The band of a store whose rows do not count their samples."""


def test_the_footer_says_of_which_kinds_of_evidence_rates_are_known(
    planted: Results, rates_of_kind: Callable[..., None]
) -> None:
    rates_of_kind("known distribution", BAND, "healthy", (1176, 1200), (3, 1000))
    footer = words_of(gandiag_html.render(planted), "<footer.*</footer>")
    assert "known distribution1,000 and more1 of 400" in footer
    assert "1,176 of 1,200 (97\N{EN DASH}99 %)" in footer
    unknown = (
        "No error rate is known for verdicts that rest on: known modes, samples, quality column"
    )
    assert unknown in footer


def test_the_footer_says_that_nothing_is_known(planted: Results, no_rates: None) -> None:
    footer = words_of(gandiag_html.render(planted), "<footer.*</footer>")
    kinds = "known distribution, known modes, samples, quality column, losses only"
    assert f"No error rate is known for verdicts that rest on: {kinds}." in footer
    assert "simulated" not in footer


def test_every_verdict_on_the_page_says_what_it_rests_on(
    planted: Results, rates_of_kind: Callable[..., None]
) -> None:
    rates_of_kind("known distribution", BAND, "healthy", (1176, 1200), (3, 1000))
    (group,) = panel(planted).context["groups"]
    seen = words_of(gandiag_html.render(planted), '<section id="diagnosis".*?</section>')
    for block in group["blocks"]:
        assert block.grounds
        for ground in block.grounds:
            assert ground.rests_on.startswith("known distribution")
            for text in (f"Rests on: {ground.rests_on}.", f"Cannot see: {ground.cannot_see}."):
                assert " ".join(text.split()) in seen
            known = "right in 1,176 of 1,200 drawn runs" in ground.rests_on
            assert known == (block.name == "healthy")
            assert known == ground.nothing_wrong.startswith("nothing wrong in location")
            assert known or "no error rate is known for this verdict" in ground.rests_on


def test_what_runs_of_one_verdict_rest_on_is_told_apart(monitor_stores: Any) -> None:
    (group,) = panel(monitor_stores.store("told-apart", None)).context["groups"]
    (case, other) = [case for block in group["blocks"] for case in block.cases]
    (alike,) = grounds([case, other])
    assert (alike.whose, alike.rests_on[:11]) == ("", "losses only")
    scope = Scope("quality column", 0, (), ("the samples themselves",))
    verdict = dataclasses.replace(other.verdict, scope=scope)
    diagnosis = dataclasses.replace(other.run.diagnosis, verdict=verdict)
    unlike = dataclasses.replace(other, run=dataclasses.replace(other.run, diagnosis=diagnosis))
    first, second = grounds([case, unlike])
    assert first.whose == f"seed {case.outcome.seed}"
    assert second.whose == f"seed {other.outcome.seed}"
    assert second.rests_on.startswith("quality column; ")


def test_many_runs_are_collapsed_and_none_is_lost(synthetic_stores: Any) -> None:
    seeds = MOST_ROWS + 6
    shown = panel(synthetic_stores.of(*["good"] * 20, *["spike"] * (seeds - 20)))
    (group,) = shown.context["groups"]
    at_once = [case for block in group["blocks"] for case in block.cases]
    collapsed = [case for block in group["blocks"] for case in block.collapsed]
    assert len(at_once) == MOST_DESCRIBED
    assert len({len(block.cases) for block in group["blocks"]}) == 1
    assert {case.outcome.seed for case in [*at_once, *collapsed]} == {*range(seeds)}
    assert len(group["pictures"]) == 2
    names = [re.findall(r">seed \d+<", picture) for picture in group["pictures"]]
    assert len(names[0]) == MOST_ROWS
    assert len({*names[0], *names[1]}) == seeds


def test_the_panel_of_ten_runs_is_small(page: str) -> None:
    start = page.index('<section id="diagnosis"')
    assert page.index("</section>", start) - start < 80_000


def test_runs_without_a_row_and_pending_runs_are_listed(synthetic_stores: Any) -> None:
    seen = words_of(
        gandiag_html.render(synthetic_stores.of("at once", "crashed", "running", "pending"))
    )
    assert "Seed 0 ✕ diverging since iteration 1" in seen
    assert "Seed 1" in seen
    assert "Crashed at iteration 2,500 of 5,000." in seen
    assert "Still running at iteration 2,000 of 5,000." in seen
    assert "Not begun, so without a verdict: seed 3." in seen


def test_where_nothing_has_begun_nothing_is_claimed(synthetic_stores: Any) -> None:
    for results in (synthetic_stores.of("pending", "pending"), synthetic_stores.store([])):
        text = gandiag_html.render(results)
        assert 'id="rates"' in text
        assert "✕" not in words_of(text, "<main.*</main>")
    assert "No run has begun." in words_of(gandiag_html.render(synthetic_stores.of("pending")))


def test_a_loop_that_logs_only_losses_is_undecided_with_the_reason(monitor_stores: Any) -> None:
    results = monitor_stores.store("losses-alone", None)
    seen = words_of(gandiag_html.render(results))
    assert "2 undecided" in seen
    assert "… undecided: " in seen
    assert "not enough data: no column shows how far the samples are from the data" in seen


def test_what_a_user_called_things_stays_text(synthetic_stores: Any) -> None:
    from gandiag.experiment.loading import read_experiment

    evil = "schedule.batch=<script>alert(1)</script>"
    points = {evil: read_experiment("devnag-1d"), "other": read_experiment("devnag-1d")}
    lanes = [
        synthetic_stores.run(0, "spike", point=evil),
        synthetic_stores.run(0, "good", point="other"),
    ]
    text = gandiag_html.render(synthetic_stores.store(lanes, points))
    assert "<script" not in text
    assert evil in words_of(text)


def test_a_bar_lies_where_its_episode_was() -> None:
    lane = TimelineRow("seed 0", "collapsed", "failed", 1000, 250, (Bar("collapse", 250, 1000),))
    with report_style():
        picture = str(timeline([lane], problems_in([lane]), 1000, 200, key="k", label="l"))
    (bar,) = re.findall(r'<path[^>]*class="fill-failed"[^>]*>', picture)
    xs = [float(x) for x in re.findall(r"[ML ]?(-?[\d.]+) -?[\d.]+", bar.split(' d="')[1])]
    left, width = LAYOUT.left, LAYOUT.inner[0]
    assert [min(xs), max(xs)] == pytest.approx([left + width / 4, left + width], abs=0.1)


def test_the_episode_of_one_log_point_is_seen_too() -> None:
    lane = TimelineRow("seed 0", "healthy", "reached", 1e6, None, (Bar("loss-spike", 1e6, 1e6),))
    with report_style():
        picture = str(timeline([lane], problems_in([lane]), 1e6, 0, key="k", label="l"))
    (bar,) = re.findall(r'<path[^>]*class="fill-ink"[^>]*>', picture)
    xs = [float(x) for x in re.findall(r"[ML ]?(-?[\d.]+) -?[\d.]+", bar.split(' d="')[1])]
    assert max(xs) - min(xs) > 2
    assert max(xs) <= LAYOUT.left + LAYOUT.inner[0] + 0.1


def test_every_kind_of_episode_has_a_place_in_the_picture() -> None:
    from typing import get_args

    from gandiag.analysis.episode import Kind

    placed = [kind for trouble in PROBLEMS for kinds, _ in (trouble.full, trouble.pale)
              for kind in kinds]  # fmt: skip
    assert {*get_args(Kind)} <= {*placed}
    assert len(placed) == len({*placed})


def test_a_loss_that_misleads_is_named_with_its_stretch(synthetic_stores: Any) -> None:
    results = synthetic_stores.of("good", "good")
    series = results.series
    part = series["iteration"] / 5000
    late = (series["run"] == "torch--1") & (part >= 0.3)
    noise = np.random.default_rng(0).normal(0, 0.02, int(late.sum()))
    series.loc[late, "g_loss"] = 2 - part[late] + noise
    series.loc[late, "wasserstein"] = 0.1 + 2 * (part[late] - 0.3) + noise
    (run,) = [one for one in diagnose_runs(results) if one.row["seed"] == 1]
    (window, *_) = next(each.windows for each in run.diagnosis.divergence)
    seen = words_of(gandiag_html.render(results))
    assert "A loss fell while the samples got worse." in seen
    assert f"from iteration {window.start:,} to {window.end:,}" in seen
    assert "G’s loss fell while the samples got worse" in seen
