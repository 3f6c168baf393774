"""A training by an engine, draws included: ``engine_loop.py BACKEND MODE SEEDS PRESET [WIDTH]``."""

from __future__ import annotations

import sys
import time

from gandiag.experiment.loading import read_experiment
from gandiag.plugins import runner
from gandiag.running.runner import Setting
from gandiag.running.streams import Feed
from gandiag.running.training_loop import evaluation, initial_state, lanes_of

ITERATIONS = 50

CHUNKS = {"devnag-1d": 25, "wiseodd-mnist": 10, "edward-mnist": 10}


def main(backend: str, mode: str, count: int, preset: str, width: int | None = None) -> None:
    """Trains every group for every line on standard input and prints seconds an update and seed."""
    few = {"schedule.iterations": ITERATIONS, "recording.every": ITERATIONS}
    few |= {"recording.frame_every": ITERATIONS, "schedule.chunk": CHUNKS.get(preset, ITERATIONS)}
    own = {"data.digits": "mnist5k"} if "mnist" in preset else {}
    experiment = read_experiment(preset, few | own)
    game = experiment.game
    found = runner(backend)
    setting = found.setting(experiment, "cpu", mode)
    setting = Setting(setting.device, mode, width or setting.width)
    groups = [
        lanes_of(range(k, min(k + setting.width, count)), setting.width)
        for k in range(0, count, setting.width)
    ]
    engine = found.engine(game, evaluation(experiment, groups[0]), setting, "float32")

    def once() -> None:
        for lanes in groups:
            engine.load(initial_state(experiment, lanes))
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
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], *map(int, sys.argv[5:]))
