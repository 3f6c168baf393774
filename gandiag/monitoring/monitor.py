"""The monitor: two lines in anyone's training loop."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from gandiag.analysis.names import ALARMS, LOST, Alarm
from gandiag.analysis.verdict import Verdict
from gandiag.diagnosis.live import NOTHING
from gandiag.errors import StoreBusyError, UsageError, must_be_one_of
from gandiag.monitoring import open_monitors
from gandiag.monitoring.coercion import Bounds, counted, recorded
from gandiag.monitoring.comparison import comparison
from gandiag.monitoring.evaluator import Evaluator
from gandiag.monitoring.measuring import Metric
from gandiag.monitoring.never_raises import end_unasked, never_raises, outcome_of
from gandiag.monitoring.recorder import Recorder, warn
from gandiag.monitoring.sinks import Existing, Memory, RunSink, enter_store, open_run

if TYPE_CHECKING:
    import pandas as pd


class Monitor:
    """Records a training loop of your own as a run that every verb of gandiag can read.

    ::

        monitor = gandiag.Monitor("runs/my-gan", real=real_samples, every=100)
        for step, batch in enumerate(loader):
            ...
            monitor.log(step, d_loss=d_loss, g_loss=g_loss, d_updates=1, g_updates=1)
            if monitor.wants_samples(step):
                monitor.log_samples(step, fake=G(z))
            if monitor.should_stop:
                break

    Several runs with another ``seed`` under one directory are one sweep: ``gandiag report
    runs/my-gan``, ``gandiag ls runs/my-gan`` and `gandiag.load` show them.

    Once it is made, it never raises into the training. What cannot be recorded is warned of once
    and stands in the run's manifest; after an error of its own, or in a process that is not the
    one it was made in (a fork, a DataLoader's worker), it is quiet. If another live process
    records the same run, as the ranks of a distributed training do, it is quiet from the start.

    The end of the run is `close`, the end of a ``with`` block, or the exit of the interpreter:
    ``completed``, ``diverged`` if the last numbers are not finite, ``crashed`` if an exception
    ended it, ``interrupted`` if the interpreter ends before the planned ``iterations``. Of
    ``sys.exit(1)`` only a ``with`` block hears. A process that is killed leaves every row that was
    written; the run reads as ``interrupted``.

    Args:
        directory: The store, e.g. ``"runs/my-gan"``; None to keep the run in memory.
        real: Real samples [m], [m, d] or images [m, ...], of any framework; what generated
            samples are compared with. At most 10,000 of them are used.
        every: The steps between two rows of the series.
        seed: What tells this run from others in the directory.
        name: What is trained; by default the directory's name.
        iterations: How many steps are planned, if that is known.
        success: The bounds of a successful run on recorded columns, by name: ``{"mean": (3.75,
            4.25)}``; None stands for an open end.
        metrics: Your own metrics by name: called with ``fake=`` and, where they take it, ``real=``;
            they return a number, an `Estimate`, a dataclass of Estimates or a mapping. None in
            place of one of the standard metrics leaves it out.
        evaluator: What samples are looked at through; see `gandiag.Evaluator`.
        options: Your settings, to be kept with the run; runs with others are another sweep.
        existing: What becomes of a run of that seed that has ended: ``"refuse"``, ``"replace"``
            (it is set aside, not removed), ``"continue"``. One that did not come to its end is set
            aside, unless it is continued.
        stop_on: The verdicts on which `should_stop` advises to stop.

    Raises:
        UsageError: An argument is not valid, the directory holds something else, or that seed.
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
        metrics: Mapping[str, Metric | None] | None = None,
        evaluator: Evaluator | None = None,
        options: Mapping[str, Any] | None = None,
        existing: Existing = "refuse",
        stop_on: Collection[Alarm] = LOST,
    ) -> None:
        self._recorder: Recorder | None = None
        self._last = NOTHING
        self._ending: weakref.finalize[..., Any] | None = None
        self._listen: Callable[[dict[str, Any]], None] | None = None
        self._away = False
        self._sink: Memory | RunSink = Memory()
        if existing not in ("refuse", "replace", "continue"):
            raise UsageError(f'existing is "refuse", "replace" or "continue", not {existing!r}')
        self._stop_on = _alarms(stop_on)
        self._iterations = None if iterations is None else counted(iterations, "iterations", 1)
        seed = counted(seed, "seed", 0)
        self.compare(real=real, every=every, metrics=metrics, evaluator=evaluator)
        if directory is None:
            self._begin(self._sink)
            return
        where = Path(directory).resolve()
        trained = recorded(name or where.name, self._iterations, success, options)
        try:
            enter_store(where, trained)
            open_monitors.end_previous(where, seed)
            self._begin(open_run(where, trained, seed, existing))
        except StoreBusyError as busy:
            warn(f"{busy}. This one records nothing")
            return
        open_monitors.enter(self, where, seed)

    @classmethod
    def of_run(
        cls, sink: RunSink, iterations: int | None, listen: Callable[[dict[str, Any]], None]
    ) -> Monitor:
        """The monitor of a run that a sweep has begun; its function says what it compares with."""
        made = cls(None, iterations=iterations)
        made._begin(sink, listen)
        return made

    def compare(
        self,
        *,
        real: Any = None,
        every: int = 100,
        metrics: Mapping[str, Metric | None] | None = None,
        evaluator: Evaluator | None = None,
    ) -> None:
        """Says what samples are compared with, and how often; a function in a sweep begins so.

        Args:
            real: Real samples; see the class.
            every: The steps between two rows.
            metrics: Your own metrics.
            evaluator: What samples are looked at through.

        Raises:
            UsageError: An argument is not valid, or something was logged already.
        """
        if self._recorder is not None and self._recorder.latest >= 0:
            raise UsageError("compare comes before the first log: a series has one measure")
        self._comparison = comparison(real, every, metrics, evaluator)
        if self._recorder is not None:
            try:
                self._begin(self._sink, self._listen)
            except Exception as error:
                self._go_quiet(error)

    def _begin(
        self, sink: Memory | RunSink, listen: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self._sink, self._listen = sink, listen
        recorder = Recorder(sink, self._comparison, self._iterations, listen)
        if isinstance(sink, RunSink):
            recorder.go_on(*sink.earlier())
        self._let_go()
        self._recorder = recorder
        open_monitors.OPEN.add(self)
        self._ending = weakref.finalize(self, end_unasked, recorder, os.getpid())

    def log(
        self,
        /,
        step: int,
        *,
        d_updates: int | None = None,
        g_updates: int | None = None,
        **scalars: Any,
    ) -> None:
        """Logs what a step brought; it costs microseconds and waits for no device.

        A row of the series holds the mean of every scalar since the row before, and for
        ``d_loss`` and ``g_loss`` the least, the greatest and the last. A step may be logged in
        several calls.

        A tensor is copied when it is logged, so that it may be freed or overwritten afterwards,
        and detached, so that it keeps no graph alive. What is not one number is warned of once
        and left out. None stands for no value and is left out in silence; NaN is a value that was
        lost. A step that is less than one before is not recorded. What a step brings is logged
        before its samples, for these make the row.

        Args:
            step: The number of the step, counted through the whole training.
            d_updates: The updates that D made since the last call.
            g_updates: The same of G.
            **scalars: ``d_loss``, ``g_loss`` and whatever else, each one number.
        """
        # Written out, and not by the decorator: this is what a training pays for at every step.
        recorder = self._recorder
        if recorder is None:
            self._say_away()
            return
        try:
            recorder.log(step, scalars, d_updates, g_updates)
        except Exception as error:
            self._go_quiet(error)

    @never_raises(False)
    def wants_samples(self, step: int) -> bool:
        """Whether generated samples of this step would make a row of the series."""
        return self._known.wants_samples(step)

    @never_raises(None)
    def log_samples(self, step: int, *, fake: Any) -> None:
        """Measures generated samples and writes a row.

        Args:
            step: The step after which they were generated.
            fake: Samples [n], [n, d] or images [n, ...], in the form of the real ones; the first
                2,500 are looked at. Where one is not finite, the metrics are NaN.
        """
        self._known.log_samples(step, fake)

    @property
    def should_stop(self) -> bool:
        """Whether the run is lost: the last numbers are not finite, or the verdict is in `stop_on`.

        Advice only. What was logged since the last row is not looked at yet.
        """
        recorder = self._recorder
        if recorder is not None and recorder.failing_since is not None:
            return True
        return self.verdict.name in self._stop_on

    @property
    def verdict(self) -> Verdict:
        """What the diagnosis says of the run so far: its name, onset, sentence and evidence.

        It is made at 50 fixed fractions of the planned ``iterations``, or whenever there is a
        twentieth more where they are not known; ``undecided`` before the first, and of a monitor
        that is quiet.
        """
        recorder = self._recorder
        return self._last if recorder is None else recorder.verdict

    @property
    def directory(self) -> Path | None:
        """The run's own directory; None in memory, or where nothing is recorded."""
        return self._sink.directory if isinstance(self._sink, RunSink) else None

    def series(self) -> pd.DataFrame:
        """What was recorded so far, a row a log point."""
        import pandas as pd

        from gandiag.store.loading import read_series

        self.flush()
        if isinstance(self._sink, Memory):
            return pd.DataFrame(self._sink.rows)
        return read_series(self._sink.directory)

    @never_raises(None)
    def flush(self) -> None:
        """Writes what was logged so far."""
        self._known.flush()

    @never_raises(None)
    def close(self) -> None:
        """Ends the run; whatever is logged afterwards is not recorded."""
        self._end("completed")

    def __enter__(self) -> Monitor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._recorder is None:
            return
        try:
            self._end(*outcome_of(error))
        except Exception as own:
            self._go_quiet(own)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy in another process is quiet; a DataLoader's worker takes one along."""
        return (_quiet, ())

    @property
    def _known(self) -> Recorder:
        if self._recorder is None:
            raise RuntimeError("the monitor is closed")
        return self._recorder

    def _end(self, status: str, error: str | None = None) -> None:
        recorder = self._known
        recorder.end(status, error=error)
        self._recorder, self._last = None, recorder.verdict
        self._let_go()

    def abandon(self) -> None:
        """Ends the run for one that takes its place: it did not come to its end."""
        if self._recorder is not None:
            with suppress(Exception):
                self._end("interrupted", "another monitor took its place")

    def _let_go(self) -> None:
        """Takes the end of the run out of the hands of the garbage collector."""
        if self._ending is not None:
            self._ending.detach()

    def leave(self) -> None:
        """In the child of a fork: the run belongs to the parent."""
        if self._recorder is not None:
            self._recorder, self._away = None, True
            self._let_go()

    def _say_away(self) -> None:
        """Warns once, where somebody logs in the child of a fork."""
        if self._away:
            self._away = False
            warn(f"used in process {os.getpid()}, a fork of the one it records for; it is quiet")

    def _go_quiet(self, error: BaseException) -> None:
        recorder, self._recorder = self._recorder, None
        what = f"{type(error).__name__}: {error}"
        warn(f"nothing more is recorded: {what}")
        if recorder is None:
            return
        self._let_go()
        with suppress(Exception):  # it has been said; the disk may be full
            self._sink.note(monitor=f"went quiet after step {recorder.latest}: {what}")
        with suppress(Exception):
            self._sink.finish("interrupted", 0.0, error=f"the monitor went quiet: {what}")


def _alarms(names: Collection[Alarm]) -> frozenset[str]:
    listed = isinstance(names, Collection) and not isinstance(names, str)
    if not listed or not all(isinstance(name, str) for name in names):
        raise UsageError(f'stop_on is a list of verdicts, as ["diverging", "dead"], not {names!r}')
    for name in names:
        if name not in ALARMS:
            raise UsageError(must_be_one_of("verdict to stop on", name, ALARMS))
    return frozenset(names)


def _quiet() -> Monitor:
    made = Monitor(None)
    made._recorder = None
    return made
