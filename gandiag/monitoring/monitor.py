"""The monitor: records a training loop of your own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gandiag.analysis.names import LOST, Alarm
from gandiag.analysis.verdict import Verdict
from gandiag.errors import StoreBusyError, UsageError
from gandiag.experiment.recorded import Goal
from gandiag.measure.classes import Classifier
from gandiag.monitoring import open_monitors
from gandiag.monitoring.best import Best
from gandiag.monitoring.coercion import Bounds, alarms, check_existing, recorded_loop, whole_number
from gandiag.monitoring.comparison import Evaluator, make_comparison
from gandiag.monitoring.known_groups import Groups
from gandiag.monitoring.lifecycle import Listener, RunLifecycle
from gandiag.monitoring.measuring import OwnMetric
from gandiag.monitoring.never_raises import never_raises, warn
from gandiag.monitoring.sinks import Existing, MemorySink, RunSink, open_run, prepare_store

if TYPE_CHECKING:
    import pandas as pd


class Monitor(RunLifecycle):
    """Records a training loop of your own as a run that every command of gandiag can read.

    ::

        monitor = gandiag.Monitor("runs/my-gan", real=real_samples, every=100)
        for step, batch in enumerate(loader):
            ...
            monitor.log(step, d_loss=d_loss, g_loss=g_loss, d_updates=1, g_updates=1)
            if monitor.wants_samples(step):
                monitor.log_samples(step, fake=G(z))
            if monitor.should_stop:
                break

    Several runs in one directory, each with its own ``seed``, are one sweep: ``gandiag report
    runs/my-gan``, ``gandiag ls runs/my-gan`` and `gandiag.load` show them.

    Once made, it never raises into the training. What cannot be recorded causes one warning and is
    noted in the run's manifest. After an error of its own it records nothing more. It records
    nothing in a process that is not the one it was made in (a fork, a DataLoader's worker), nor
    if another live process records the same run, as the ranks of a distributed training do.

    What looks like a bug in the loop at its first log points causes one warning and a note as well:
    ranges that differ, rounded or repeated samples, a column that alone tells real from fake,
    swapped labels, losses that never change, a player without updates. These are guesses.

    The run ends with `close`, the end of a ``with`` block, or the interpreter's exit:
    ``completed``, ``diverged`` if the last numbers are not finite, ``crashed`` if an exception
    ended it, ``interrupted`` if the interpreter exits before the planned ``iterations``. Only a
    ``with`` block notices ``sys.exit(1)``. A process that is killed leaves every row that was
    written, and the run reads as ``interrupted``.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``; None to keep the run in memory.
        real: Real samples [m], [m, d] or images [m, ...], of any framework, to compare generated
            samples with. At most 10,000 of them are used.
        every: The steps between two rows of the series.
        seed: Distinguishes this run from others in the directory.
        name: The experiment's name; by default the directory's name.
        iterations: How many steps are planned, if that is known.
        success: The bounds of a successful run on recorded columns, by name: ``{"mean": (3.75,
            4.25)}``; None for no bound on that side.
        quality: Columns that say how good the samples are, with the values that are good:
            ``{"fid": "low"}``. The verdict tells their best; they make no run healthy.
        patience: `should_stop` also advises to stop once no such column has bettered its best for
            so many of its values.
        metrics: Your own metrics by name: called with ``fake=`` and, if they accept it, ``real=``;
            they return a number, an `Estimate`, a dataclass of Estimates or a mapping. None in
            place of one of the standard metrics leaves it out.
        evaluator: Computes the features that are measured in place of the samples; see
            `gandiag.Evaluator`.
        modes: The centres of the known modes of the data [K, d], or of its features. The modes
            are judged as in our own mixtures; without ``real``, samples of one take its place.
        std: The standard deviation within every mode, along each axis.
        shares: The shares of the modes or classes [K]; equal, or those of ``real``, by default.
        classifier: Finds the classes of samples [n, ...]: whole numbers from 0 [n], or scores
            [n, K]. Lost classes are told as modes are.
        classes: How many classes there are; by default as many as ``labels`` or ``real`` need.
        labels: The classes of ``real`` [m], which the classifier finds where they are not given.
        options: Your settings, kept with the run; runs with other options form a separate sweep.
        existing: What happens to a finished run of that seed: ``"refuse"``, ``"replace"`` (it is
            set aside, not removed), ``"continue"``. One that was not finished is set aside,
            unless it is continued.
        stop_on: The verdicts on which `should_stop` advises to stop.

    Raises:
        UsageError: An argument is not valid, or the directory contains something else or a
            finished run of that seed.
    """

    def __init__(
        self,
        directory: str | Path | None,
        *,
        real: Any = None,
        every: int = 100,
        seed: int = 0,
        name: str | None = None,
        iterations: int | None = None,
        success: Bounds | None = None,
        quality: Mapping[str, Goal] | None = None,
        patience: int | None = None,
        metrics: Mapping[str, OwnMetric | None] | None = None,
        evaluator: Evaluator | None = None,
        modes: Any = None,
        std: float | None = None,
        shares: Any = None,
        classifier: Classifier | None = None,
        classes: int | None = None,
        labels: Any = None,
        options: Mapping[str, Any] | None = None,
        existing: Existing = "refuse",
        stop_on: Collection[Alarm] = LOST,
    ) -> None:
        super().__init__()
        check_existing(existing)
        self._stop_on = alarms(stop_on)
        self._iterations = None if iterations is None else whole_number(iterations, "iterations", 1)
        seed = whole_number(seed, "seed", 0)
        self._patience = None if patience is None else whole_number(patience, "patience", 1)
        if patience is not None and not quality:
            raise UsageError("patience waits for a better quality: name its column, quality=")
        groups = Groups(modes, std, shares, classifier, classes, labels)
        self._comparison = make_comparison(real, every, metrics, evaluator, groups)
        store = None if directory is None else Path(directory).resolve()
        called = name or ("loop" if store is None else store.name)
        loop = recorded_loop(called, self._iterations, success, options, quality=quality)
        self._trained = loop
        if store is None:
            self._begin(self._sink)
            return
        try:
            prepare_store(store, loop)
            open_monitors.end_previous(store, seed)
            self._begin(open_run(store, loop, seed, existing))
        except StoreBusyError as busy:
            warn(f"{busy}. This monitor records nothing")
            return
        open_monitors.register(self, store, seed)

    @classmethod
    def of_run(cls, sink: RunSink, iterations: int | None, listener: Listener) -> Monitor:
        """The monitor of a run that a sweep has begun; its function calls `compare`."""
        monitor = cls(None, iterations=iterations)
        monitor._trained = sink.trained
        monitor._begin(sink, listener)
        return monitor

    def compare(
        self,
        *,
        real: Any = None,
        every: int = 100,
        metrics: Mapping[str, OwnMetric | None] | None = None,
        evaluator: Evaluator | None = None,
        modes: Any = None,
        std: float | None = None,
        shares: Any = None,
        classifier: Classifier | None = None,
        classes: int | None = None,
        labels: Any = None,
    ) -> None:
        """Sets what samples are compared with, and how often; a sweep's function calls it first.

        The arguments are those of the class.

        Raises:
            UsageError: An argument is not valid, or something was logged already.
        """
        if self._recorder is not None and self._recorder.latest >= 0:
            raise UsageError(
                "compare comes before the first log: all of a series is measured the same way"
            )
        groups = Groups(modes, std, shares, classifier, classes, labels)
        self._comparison = make_comparison(real, every, metrics, evaluator, groups)
        if self._recorder is not None:
            try:
                self._begin(self._sink, self._listener)
            except Exception as error:
                self._stop_recording(error)

    def log(
        self,
        /,
        step: int,
        *,
        d_updates: int | None = None,
        g_updates: int | None = None,
        **scalars: Any,
    ) -> None:
        """Logs the scalars of a step; it costs microseconds and waits for no device.

        A row of the series has the mean of every scalar since the row before, and for ``d_loss``
        and ``g_loss`` the minimum, the maximum and the last value. A step may be logged in several
        calls.

        A tensor is copied when it is logged, so that it may be freed or overwritten afterwards,
        and detached, so that it keeps no graph alive. A value that is not one number causes one
        warning and is left out. None means no value and is left out without a warning; NaN means
        that the value was lost. A step below an earlier one is not recorded. Log a step's scalars
        before its samples, because the samples complete the row.

        Args:
            step: The number of the step, counted through the whole training.
            d_updates: The updates of D since the last call.
            g_updates: The updates of G since the last call.
            **scalars: ``d_loss``, ``g_loss`` and any others, each one number.
        """
        # Not decorated with never_raises, because the training pays for this at every step.
        recorder = self._recorder
        if recorder is None:
            self._warn_if_forked()
            return
        try:
            recorder.log(step, scalars, d_updates, g_updates)
        except Exception as error:
            self._stop_recording(error)

    @never_raises(False)
    def wants_samples(self, step: int) -> bool:
        """Whether generated samples of this step would add a row to the series."""
        return self._open_recorder.wants_samples(step)

    @never_raises(None)
    def log_samples(self, step: int, *, fake: Any) -> None:
        """Measures generated samples and writes a row.

        Args:
            step: The step after which they were generated.
            fake: Samples [n], [n, d] or images [n, ...], shaped like the real ones; the first
                2,500 are measured. If one is not finite, the metrics are NaN.
        """
        self._open_recorder.log_samples(step, fake)

    @property
    def should_stop(self) -> bool:
        """Whether to stop: numbers not finite, a verdict in `stop_on`, or no patience left.

        This is advice only, and does not cover what was logged since the last row.
        """
        recorder = self._recorder
        if recorder is not None and recorder.non_finite_since is not None:
            return True
        if recorder is not None and recorder.quality.has_paused(self._patience):
            return True
        return self.verdict.name in self._stop_on

    @property
    def best(self) -> dict[str, Best]:
        """Where each measure of quality was best so far: ``(step, value)`` by column."""
        return {} if self._recorder is None else self._recorder.quality.best

    @property
    def verdict(self) -> Verdict:
        """The verdict on the run so far: its name, onset, sentence and evidence.

        It is made at 50 fixed fractions of the planned ``iterations``; if they are not known,
        whenever the run has grown by 5 %. It is ``undecided`` before the first, and
        for a monitor that records nothing.
        """
        recorder = self._recorder
        return self._final_verdict if recorder is None else recorder.verdict

    @property
    def directory(self) -> Path | None:
        """The run's own directory; None in memory, or if nothing is recorded."""
        return self._sink.directory if isinstance(self._sink, RunSink) else None

    def series(self) -> pd.DataFrame:
        """The series recorded so far, one row for each log point."""
        import pandas as pd

        from gandiag.store.loading import read_series

        self.flush()
        sink = self._sink
        return (
            pd.DataFrame(sink.rows) if isinstance(sink, MemorySink) else read_series(sink.directory)
        )

    @never_raises(None)
    def flush(self) -> None:
        """Writes what was logged so far."""
        self._open_recorder.flush()

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy in another process, as in a DataLoader's worker, records nothing."""
        return (_silent_monitor, ())


def _silent_monitor() -> Monitor:
    monitor = Monitor(None)
    monitor._recorder = None
    return monitor
