"""Records drawn samples by the paths that users take, and notes what is said of them."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.random import Generator
from pydantic import TypeAdapter

from gandiag.analysis.names import Name
from gandiag.analysis.record import Record
from gandiag.data import Data, Grid, Ring
from gandiag.diagnosis.live import LiveVerdict
from gandiag.diagnosis.records import record_of
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import read_experiment
from gandiag.experiment.recorded import Recorded
from gandiag.measure.rows import sample_rows
from gandiag.monitoring.monitor import Monitor
from gandiag.monitoring.never_raises import MonitorWarning
from gandiag.selftest.drawn.population import Population, Samples

LOSSES = (1.386, 0.693)
"""D's and G's loss about their equilibrium."""

LOSS_NOISE = 0.02


@dataclass(frozen=True)
class Played:
    """What was said of a run.

    Attributes:
        verdicts: The log point and the verdict at every look during the run.
        final: The verdict at its end.
        record: What was recorded.
        hints: What the monitor warned of.
    """

    verdicts: tuple[tuple[int, Name], ...]
    final: Name
    record: Record
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Script:
    """A run to record.

    Attributes:
        points: The planned log points.
        every: The steps between two of them.
        at: The log points that are there, from 1.
        samples: The generated samples [n, d] of a log point.
        shape: The shape of an image; empty where the samples are rows.
    """

    points: int
    every: int
    at: list[int]
    samples: Callable[[int], Samples]
    shape: tuple[int, ...] = ()


def losses(rng: Generator) -> dict[str, float]:
    """The losses of a log point at the equilibrium."""
    d, g = np.array(LOSSES) + LOSS_NOISE * rng.standard_normal(2)
    return {"d_loss": float(d), "g_loss": float(g)}


def by_monitor(rng: Generator, script: Script, real: Samples, **known: Any) -> Played:
    """A loop of the user's own that passes real samples to a Monitor, and what else is known."""
    steps = script.points * script.every
    verdicts: list[tuple[int, Name]] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        monitor = Monitor(
            None,
            real=_shaped(real, script.shape),
            every=script.every,
            iterations=steps,
            name="drawn",
            **known,
        )
        for k in script.at:
            step = k * script.every
            monitor.log(step, d_updates=1, g_updates=1, **losses(rng))
            monitor.log_samples(step, fake=_shaped(script.samples(k), script.shape))
            verdicts.append((k, monitor.verdict.name))
        monitor.close()
    trained = Recorded(name="drawn", iterations=steps)
    hints = tuple(str(each.message) for each in caught if each.category is MonitorWarning)
    return Played(tuple(verdicts), monitor.verdict.name, recorded(monitor, trained), hints)


def recorded(monitor: Monitor, trained: Recorded) -> Record:
    """What a closed monitor has recorded, as `gandiag.analyze` reads it."""
    rows: list[dict[str, Any]] = [
        {str(name): value for name, value in row.items()}
        for row in monitor.series().to_dict("records")
    ]
    return record_of(rows, trained).ended()


def by_sweep(rng: Generator, script: Script, experiment: Experiment) -> Played:
    """An experiment of gandiag's own, whose log points a sweep measures."""
    live, rows = LiveVerdict(experiment), []
    verdicts: list[tuple[int, Name]] = []
    for k in script.at:
        iteration = k * script.every
        samples = np.ascontiguousarray(script.samples(k).T[None], np.float32)
        measured = sample_rows(experiment, samples, live.is_due_at(iteration))[0]
        row: dict[str, Any] = {"iteration": iteration, "phase": "train"} | losses(rng) | measured
        rows.append(row)
        live.take(row)
        verdicts.append((k, live.verdict.name))
    live.conclude(finished=True)
    return Played(tuple(verdicts), live.verdict.name, record_of(rows, experiment).ended())


def of_formula(data: Population, script: Script) -> Experiment:
    """The experiment on data that gandiag knows."""
    return _experiment(dict(data.experiment), script)


def modes_of(data: Population) -> dict[str, Any]:
    """What a user who knows the modes of the data passes to a Monitor."""
    known = TypeAdapter(Ring | Grid).validate_python(dict(data.experiment))
    return {"modes": known.centres, "std": known.std}


@contextmanager
def of_file(real: Samples, script: Script) -> Iterator[Experiment]:
    """The experiment on a user's file of real samples."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "real.npy"
        np.save(path, _shaped(real, script.shape).astype(np.float32))
        yield _experiment({"kind": "array", "path": str(path)}, script)


def _experiment(data: dict[str, Any], script: Script) -> Experiment:
    """A preset with other data and another length; its networks are never made."""
    preset = read_experiment("devnag-1d")
    steps = preset.schedule.model_copy(update={"iterations": script.points * script.every})
    known = TypeAdapter(Data).validate_python(data)
    return preset.model_copy(update={"data": known, "schedule": steps})


def _shaped(samples: Samples, shape: tuple[int, ...]) -> Samples:
    return samples.reshape(len(samples), *shape) if shape else samples
