"""The same training by an engine, draws included: ``engine_loop.py BACKEND MODE SEEDS``."""

from __future__ import annotations

import sys
import time

from gandiag.group import evaluation, lanes_of
from gandiag.plugins import runner
from gandiag.reading import read_experiment
from gandiag.streams import Feed, generator

ITERATIONS = 50


def main(backend: str, mode: str, count: int) -> None:
    """Trains every group for every line on standard input and prints seconds an update and seed."""
    import numpy as np

    experiment = read_experiment("devnag-1d", {"schedule.iterations": ITERATIONS})
    game = experiment.game
    found = runner(backend)
    setting = found.setting(experiment, "cpu", mode)
    groups = [
        lanes_of(range(k, min(k + setting.width, count)), setting.width)
        for k in range(0, count, setting.width)
    ]
    engine = found.engine(game, evaluation(experiment, groups[0]), setting, "float32")

    def once() -> None:
        for lanes in groups:
            weights = [
                np.stack([p.initial(size, generator(s, f"initial/{who}")) for s in lanes])
                for p, size, who in (
                    (game.generator, game.latent_size, "generator"),
                    (game.discriminator, game.seen, "discriminator"),
                )
            ]
            engine.load(game.initial(*weights))
            with Feed(game, lanes, experiment.schedule.chunk) as feed:
                for chunk in range(ITERATIONS // feed.chunk):
                    engine.advance(feed.of_chunk(chunk), 0, feed.chunk, chunk * feed.chunk)
            engine.dump()

    once()
    print("ready", flush=True)
    updates = ITERATIONS * (game.schedule.d_steps + game.schedule.g_steps)
    for _ in sys.stdin:
        began = time.perf_counter()
        once()
        print((time.perf_counter() - began) / (updates * count), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
