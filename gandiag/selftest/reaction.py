"""What the players make of samples that went wrong: D tells them apart, or does not notice."""

from __future__ import annotations

import numpy as np

from gandiag.selftest.course import Course

LOSS = ("loss", "loss_min", "loss_max", "loss_last")


def reacted(rng: np.random.Generator, course: Course, at: int) -> Course:
    """The same run with players that answer to how much worse the samples are since a log point.

    In a third of the runs they do not (devnag-1d: a run settles at the wrong mean with losses of
    ln 2). In the others D's loss falls by up to 70 % and G's rises up to threefold, or by up to 2
    and 1 where the game is Wasserstein's; D is right up to 98 % of the time.
    """
    strength = rng.uniform(0.3, 1.0) * (rng.random() < 2 / 3)
    worse = np.maximum(course.wrong - np.median(course.wrong[at // 2 : at]), 0.0)
    answer = strength * (1 - np.exp(-worse)) * (np.arange(len(course)) >= at)
    now = dict(course.players)
    for part in LOSS:
        d_loss, g_loss = f"d_{part}", f"g_{part}"
        if course.target.game == "wasserstein":
            now[d_loss], now[g_loss] = now[d_loss] - 2 * answer, now[g_loss] + answer
        else:
            now[d_loss], now[g_loss] = (
                now[d_loss] * (1 - 0.7 * answer),
                now[g_loss] * (1 + 2 * answer),
            )
    now["d_accuracy"] = now["d_accuracy"] + np.maximum(0.98 - now["d_accuracy"], 0.0) * answer
    now["d_real"] = now["d_real"] + 0.4 * answer * (1 - now["d_real"])
    now["d_fake"] = now["d_fake"] * (1 - 0.4 * answer)
    return course.with_players(**now)
