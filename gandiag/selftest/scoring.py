"""What the diagnosis says of one simulated run, live and at its end, against what is true of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gandiag.analysis.episode import Episode
from gandiag.analysis.names import ALARMS, Name
from gandiag.analysis.record import Record
from gandiag.selftest.cases import Case, Truth

PEEKS = 50
"""At how many fixed fractions of the planned length a run is looked at while it goes on."""

NONE = frozenset(("unconverged", "undecided"))
"""The verdicts that say neither that a run is healthy nor what is wrong."""


class Said(Protocol):
    """What a verdict has to have to be scored."""

    @property
    def name(self) -> Name:
        """The state."""

    @property
    def onset(self) -> int | None:
        """Since which iteration."""


@dataclass(frozen=True)
class Judge:
    """The functions that are put to the test; they can be sent to another process.

    Attributes:
        decide: The verdict on a prefix of a record.
        episodes: All episodes of a whole record.
        windows: The windows of a whole record in which the loss improves and the quality worsens.
    """

    decide: Callable[[Record], Said]
    episodes: Callable[[Record], Sequence[Episode]]
    windows: Callable[[Record], Sequence[object]]


@dataclass(frozen=True)
class Outcome:
    """One simulated run and what was said of it. Delays and errors are parts of its length.

    Attributes:
        case: Which run.
        right: The verdicts that are right at its end.
        final: The verdict at its end.
        alarms: The peeks at which something was said to be wrong while nothing was: number of the
            peek and verdict.
        standing: The kinds of the episodes that had not ended at the end.
        false: How many episodes of each kind began in a healthy run after its transient.
        shown: The kinds of the episodes that lie at the fault or after it.
        windows: In how many windows the loss improves and the quality worsens.
        delay: From the onset to the first peek with a right verdict; None where there is none.
        onset_error: The onset said minus the true one; None where the verdict is wrong.
        settled_points: How many log points a healthy run has after its transient.
        points: How many log points the length makes.
        facts: How the run was drawn.
    """

    case: Case
    right: tuple[Name, ...]
    final: Name
    alarms: tuple[tuple[int, Name], ...]
    standing: tuple[str, ...]
    false: Mapping[str, int]
    shown: tuple[str, ...]
    windows: int
    delay: float | None
    onset_error: float | None
    settled_points: int
    points: int
    facts: Mapping[str, str | int | float | bool]

    @property
    def found(self) -> bool:
        """Whether the verdict at the end is right."""
        return self.final in self.right

    @property
    def undecided(self) -> bool:
        """Whether there is no verdict at the end."""
        return self.final in NONE and not self.found

    @property
    def wrong(self) -> bool:
        """Whether the verdict at the end says something that is not so."""
        return not self.found and not self.undecided

    @property
    def alarmed(self) -> bool:
        """Whether anything was said to be wrong before it was, in a peek or by an episode left."""
        return bool(self.alarms or (self.case.healthy and self.standing))


def score(case: Case, judge: Judge) -> Outcome:
    """Simulates a run, looks at it at the 50 peeks and at its end, and compares.

    A run has a false alarm if any peek before the onset, or ever where it is healthy, says that it
    is collapsed, partially collapsed, oscillating, diverging, dead or off-target; and a healthy
    one also if an episode of any kind has not ended at its end.
    """
    record, truth = case.draw()
    planned = record.planned or 1
    verdicts = list(_peeks(record, judge))
    final = verdicts[-1][1]
    episodes = list(judge.episodes(record))
    delays = list(_delays(verdicts, truth))
    return Outcome(
        case=case,
        right=truth.right,
        final=final.name,
        alarms=tuple(_alarms(verdicts, truth)),
        standing=tuple(sorted({episode.kind for episode in episodes if not episode.recovered})),
        false=_false(episodes, truth),
        shown=tuple(sorted(_shown(episodes, truth))),
        windows=len(judge.windows(record)),
        delay=delays[0] / planned if delays else None,
        onset_error=_onset_error(final, truth, planned),
        settled_points=int((record.iteration > truth.settled).sum()),
        points=int(truth.facts["points"]),
        facts=truth.facts,
    )


def _peeks(record: Record, judge: Judge) -> Iterable[tuple[int, Said]]:
    """The peeks and what is said there; where nothing came to it, it is not asked again."""
    known: tuple[tuple[int, int | None], Said] | None = None
    for k in range(1, PEEKS + 1):
        at = k * (record.planned or 0) // PEEKS
        prefix = record.prefix(at)
        key = (len(prefix), prefix.diverged_at)
        if known is None or known[0] != key:
            known = key, judge.decide(prefix)
        yield at, known[1]


def _delays(verdicts: Iterable[tuple[int, Said]], truth: Truth) -> Iterable[int]:
    """From the onset to every peek with a right alarm, in iterations."""
    right = set(ALARMS) & set(truth.right)
    for at, said in verdicts:
        if truth.onset is not None and at >= truth.onset and said.name in right:
            yield at - truth.onset


def _onset_error(final: Said, truth: Truth, planned: int) -> float | None:
    if final.name not in truth.right or final.onset is None or truth.onset is None:
        return None
    return (final.onset - truth.onset) / planned


def _alarms(verdicts: Iterable[tuple[int, Said]], truth: Truth) -> Iterable[tuple[int, Name]]:
    for k, (at, said) in enumerate(verdicts, start=1):
        sound = truth.onset is None or at < truth.onset or "healthy" in truth.right
        if said.name in ALARMS and sound:
            yield k, said.name


def _false(episodes: Iterable[Episode], truth: Truth) -> dict[str, int]:
    """The episodes of a healthy run that begin when its generator has come near, by kind."""
    counts: dict[str, int] = {}
    for episode in episodes:
        if truth.onset is None and episode.start > truth.settled:
            counts[episode.kind] = counts.get(episode.kind, 0) + 1
    return counts


def _shown(episodes: Iterable[Episode], truth: Truth) -> set[str]:
    return {e.kind for e in episodes if truth.onset is not None and e.end >= truth.onset}
