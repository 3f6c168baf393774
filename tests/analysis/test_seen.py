"""An undecided verdict begins with what the losses show, and says what is missing."""

from __future__ import annotations

import numpy as np
import pytest

from gandiag.analysis.seen import seen
from gandiag.analysis.verdict import decide

from .losses_alone import LN2, noise, record

N = 200
AT = np.arange(N) / N
LOSSES = {
    "d-overpowering": (2 * LN2 * np.exp(-16 * AT), LN2 + 11 * AT),
    "d-at-chance": (np.full(N, 2 * LN2), np.full(N, LN2)),
    "no-contest": (np.full(N, 1e-3), np.full(N, 1e-3)),
    "loss-runaway": (-1 - 179 * AT, np.zeros(N)),
    "oscillation": (2 * LN2 + 0.4 * np.sin(100 * AT), LN2 + 0.4 * np.cos(100 * AT)),
}


@pytest.mark.parametrize("planned", [True, False])
@pytest.mark.parametrize("kind", LOSSES)
def test_what_is_seen_comes_before_what_is_missing(kind, planned):
    d_loss, g_loss = LOSSES[kind]
    jitter = [1 + noise("normal", N, 0.02, seed) for seed in (0, 1)]
    verdict = decide(record(planned=planned, d_loss=d_loss * jitter[0], g_loss=g_loss * jitter[1]))
    assert (verdict.name, verdict.onset, verdict.episode) == ("undecided", None, None)
    assert verdict.episodes[0].kind == kind
    assert verdict.reasons[0].sentence == verdict.episodes[0].sentence
    assert verdict.episodes[0].description in verdict.statements[0]
    assert verdict.missing.startswith("not enough data: no column shows how far the samples are")
    assert verdict.statements[-1] == verdict.missing
    assert str(verdict).startswith(("undecided: from the start", "undecided: since iteration"))


def test_losses_without_a_pattern_are_given_with_their_range():
    losses = {"d_loss": 1.1 + noise("normal", N, 0.1), "g_loss": 1.2 + noise("normal", N, 0.1, 1)}
    shown = seen(record(**losses))
    assert shown.episodes == ()
    assert shown.level.evidence["d_loss"] == pytest.approx(1.1, abs=0.05)
    verdict = decide(record(**losses))
    assert verdict.statements == (shown.level.sentence, verdict.missing)
    assert verdict.reasons == (shown.level,)
