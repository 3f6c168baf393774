"""Compares the diagnosis of one simulated run, live and at its end, with the ground truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gandiag.analysis.episode import Episode
from gandiag.analysis.names import ALARMS, Name
from gandiag.analysis.record import Record
from gandiag.selftest.cases import Case, Truth

LOOKS = 50
"""The number of fixed fractions of the planned length at which a running run is diagnosed."""

NO_VERDICT = frozenset(("unconverged", "undecided"))
"""The verdicts that claim neither health nor a fault."""


class VerdictLike(Protocol):
    """The part of a verdict that is scored."""

    @property
    def name(self) -> Name:
        """The verdict's name."""

    @property
    def onset(self) -> int | None:
        """The iteration at which the state began."""


@dataclass(frozen=True)
class DiagnosisFunctions:
    """The functions under test; they must be picklable, as other processes import them.

    Attributes:
        decide: The verdict on a prefix of a record.
        episodes: All episodes of a whole record.
        windows: The windows of a whole record where the loss improves and the quality worsens.
    """

    decide: Callable[[Record], VerdictLike]
    episodes: Callable[[Record], Sequence[Episode]]
    windows: Callable[[Record], Sequence[object]]


@dataclass(frozen=True)
class Outcome:
    """The score of one simulated run. Delays and onset errors are fractions of its length.

    Attributes:
        case: The run.
        correct: The correct verdicts at its end.
        final: The verdict at its end.
        alarms: The false alarms: number of the look (from 1) and verdict.
        unrecovered: The kinds of the episodes that had not ended at the end.
        false_episodes: The number of episodes of each kind that began in a healthy run after its
            transient.
        episodes_after_onset: The kinds of the episodes that end at the onset or after it.
        windows: The number of windows where the loss improves and the quality worsens.
        delay: From the onset to the first look with a correct verdict; None if there is none.
        onset_error: The diagnosed onset minus the true one; None if the verdict is wrong.
        settled_points: The number of log points of the run after its transient.
        points: The number of log points that were planned.
        settings: How the run was drawn.
    """

    case: Case
    correct: tuple[Name, ...]
    final: Name
    alarms: tuple[tuple[int, Name], ...]
    unrecovered: tuple[str, ...]
    false_episodes: Mapping[str, int]
    episodes_after_onset: tuple[str, ...]
    windows: int
    delay: float | None
    onset_error: float | None
    settled_points: int
    points: int
    settings: Mapping[str, str | int | float | bool]

    @property
    def found(self) -> bool:
        """Whether the verdict at the end is correct."""
        return self.final in self.correct

    @property
    def undecided(self) -> bool:
        """Whether the end has no verdict, where one would have been correct."""
        return self.final in NO_VERDICT and not self.found

    @property
    def wrong(self) -> bool:
        """Whether the verdict at the end is false."""
        return not self.found and not self.undecided

    @property
    def alarmed(self) -> bool:
        """Whether there was a false alarm, at a look or by an episode that had not ended."""
        return bool(self.alarms or (self.case.healthy and self.unrecovered))


def score(case: Case, functions: DiagnosisFunctions) -> Outcome:
    """Simulates a run, diagnoses it at the 50 looks, and compares with the truth.

    A run has a false alarm if at any look before the onset (at any look at all, if it is healthy)
    the verdict is collapsed, partially collapsed, oscillating, diverging, dead or off-target. A
    healthy run also has one if an episode of any kind has not ended at its end.

    Args:
        case: The run.
        functions: The diagnosis under test.

    Returns:
        The score.
    """
    record, truth = case.draw()
    planned = record.planned or 1
    verdicts = list(_looks(record, functions))
    final = verdicts[-1][1]
    episodes = list(functions.episodes(record))
    delays = list(_delays(verdicts, truth))
    return Outcome(
        case=case,
        correct=truth.correct,
        final=final.name,
        alarms=tuple(_alarms(verdicts, truth)),
        unrecovered=tuple(sorted({episode.kind for episode in episodes if not episode.recovered})),
        false_episodes=_false_episodes(episodes, truth),
        episodes_after_onset=tuple(sorted(_after_onset(episodes, truth))),
        windows=len(functions.windows(record)),
        delay=delays[0] / planned if delays else None,
        onset_error=_onset_error(final, truth, planned),
        settled_points=int((record.iteration > truth.settled).sum()),
        points=int(truth.settings["points"]),
        settings=truth.settings,
    )


def _looks(record: Record, functions: DiagnosisFunctions) -> Iterable[tuple[int, VerdictLike]]:
    """The iteration and the verdict of every look; an unchanged prefix is not diagnosed again."""
    latest: tuple[tuple[int, int | None], VerdictLike] | None = None
    for k in range(1, LOOKS + 1):
        at = k * (record.planned or 0) // LOOKS
        prefix = record.prefix(at)
        key = (len(prefix), prefix.diverged_at)
        if latest is None or latest[0] != key:
            latest = key, functions.decide(prefix)
        yield at, latest[1]


def _delays(verdicts: Iterable[tuple[int, VerdictLike]], truth: Truth) -> Iterable[int]:
    """From the onset to every look with a correct alarm, in iterations."""
    correct = set(ALARMS) & set(truth.correct)
    for at, verdict in verdicts:
        if truth.onset is not None and at >= truth.onset and verdict.name in correct:
            yield at - truth.onset


def _onset_error(final: VerdictLike, truth: Truth, planned: int) -> float | None:
    if final.name not in truth.correct or final.onset is None or truth.onset is None:
        return None
    return (final.onset - truth.onset) / planned


def _alarms(
    verdicts: Iterable[tuple[int, VerdictLike]], truth: Truth
) -> Iterable[tuple[int, Name]]:
    for k, (at, verdict) in enumerate(verdicts, start=1):
        healthy = truth.onset is None or at < truth.onset or "healthy" in truth.correct
        if verdict.name in ALARMS and healthy:
            yield k, verdict.name


def _false_episodes(episodes: Iterable[Episode], truth: Truth) -> dict[str, int]:
    """The number of episodes of a healthy run that begin after its transient, by kind."""
    counts: dict[str, int] = {}
    for episode in episodes:
        if truth.onset is None and episode.start > truth.settled:
            counts[episode.kind] = counts.get(episode.kind, 0) + 1
    return counts


def _after_onset(episodes: Iterable[Episode], truth: Truth) -> set[str]:
    return {e.kind for e in episodes if truth.onset is not None and e.end >= truth.onset}
