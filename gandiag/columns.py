"""Every column of a series: what it describes, which values are good, how it is shown.

The meaning of a column is defined here and nowhere else. A new metric is one row of `TABLE`. A
renamed column keeps its old name as an alias, so that older stores are read under the new name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

Owner = Literal["D", "G", "samples", "game", "row"]
"""What a column describes; ``row`` columns identify a row and are not series."""

Better = Literal["low", "high", "none"]
"""Which values are good; ``none`` where neither low nor high ones are."""

Drawn = Literal["always", "alone", "own", "never"]
"""Which reports draw a column: all; those without modes or digits, which say more; those of a
user's own training; none."""

PARTS = ("se", "floor", "min", "max", "last")
"""The suffixes of what is recorded beside a value: its standard error, its floor, and the
minimum, maximum and last value over the updates since the last row."""

DATA_UNIT = "unit of the data"
"""The unit of columns that can be compared with the standard deviation of the data."""

SCORE_UNIT = "standard deviations"
"""The unit of normal scores, whose standard deviation is 1 among the data."""

NAMES = ("Wasserstein", "Fréchet", "Kolmogorov-Smirnov")
"""First words of titles that keep their capital within a sentence."""

SAMPLED = "n_samples"
"""The column with the number of measured samples."""


@dataclass(frozen=True)
class Column:
    """A column and its meaning.

    Attributes:
        name: Its name; of a vector column (``mean_0``, ``mean_1``) without the indices.
        owner: What it describes.
        better: Which values are good.
        title: Its title in the report.
        unit: Its unit; empty for a plain number. ``"share"`` is from 0 to 1, shown in percent.
        drawn: In which reports it is drawn.
        indices: How many indices the entries of a vector column have, e.g. 1 for ``mean_0``; 0
            for a column without entries.
        loss: Whether it is a player's loss or a term of it.
        distance: Whether it is a distance of the samples from the data; the first recorded one
            in the table is used.
        headline: Its rank for the live display, which shows two columns; 0 for never.
        caption: Its caption below a picture of samples, with ``{}`` for the value.
        seldom: Whether it is expensive, and so measured only where frames are kept.
        aliases: Its names in earlier versions.
    """

    name: str
    owner: Owner
    better: Better
    title: str
    unit: str = ""
    drawn: Drawn = "always"
    indices: int = 0
    loss: bool = False
    distance: bool = False
    headline: int = 0
    caption: str = ""
    seldom: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def in_a_sentence(self) -> str:
        """The title within a sentence: ``"sliced Wasserstein distance"``."""
        named = self.title.startswith(NAMES)
        return self.title if named else self.title[0].lower() + self.title[1:]


def _row(name: str, title: str) -> Column:
    return Column(name, "row", "none", title, drawn="never")


def _loss(name: str, owner: Owner, title: str) -> Column:
    return Column(name, owner, "none", title, loss=True)


TABLE: tuple[Column, ...] = (
    # What identifies a row.
    _row("run", "Run"),
    _row("point", "Grid point"),
    _row("seed", "Seed"),
    _row("backend", "Backend"),
    _row("phase", "Phase"),
    _row("iteration", "Iteration"),
    _row("d_updates", "Updates of D"),
    _row("g_updates", "Updates of G"),
    _row("wall_s", "Seconds since the start"),
    _row(SAMPLED, "Samples measured"),
    # The players' losses: the total, the cross-entropy of the scores, and the L2 term.
    _loss("d_loss", "D", "Discriminator’s loss"),
    _loss("d_cross_entropy", "D", "Discriminator’s cross-entropy"),
    _loss("d_l2", "D", "Discriminator’s L2 term"),
    _loss("g_loss", "G", "Generator’s loss"),
    _loss("g_cross_entropy", "G", "Generator’s cross-entropy"),
    _loss("g_l2", "G", "Generator’s L2 term"),
    # Other columns of the players.
    Column("d_real", "D", "none", "Mean output of D on real samples", drawn="own"),
    Column("d_fake", "D", "none", "Mean output of D on generated samples", drawn="own"),
    Column("d_accuracy", "D", "none", "Balanced accuracy of D", "share", drawn="own"),
    Column("d_grad_norm", "D", "none", "Norm of D’s gradient", drawn="own"),
    Column("g_grad_norm", "G", "none", "Norm of G’s gradient", drawn="own"),
    Column("d_weight_norm", "D", "none", "Norm of D’s weights", drawn="own"),
    Column("g_weight_norm", "G", "none", "Norm of G’s weights", drawn="own"),
    # The samples, the most informative first.
    Column("mean", "samples", "none", "Mean", DATA_UNIT, "alone", indices=1, headline=5),
    Column(
        "std", "samples", "none", "Standard deviation", DATA_UNIT, "alone", indices=1, headline=6
    ),
    Column(
        "wasserstein", "samples", "low", "Wasserstein distance", DATA_UNIT, "alone", distance=True
    ),
    Column("modes", "samples", "high", "Modes captured", headline=1, caption="modes {}"),
    Column("modes_known", "samples", "none", "Modes of the data", drawn="never"),
    Column("modes_robust", "samples", "high", "Modes with at least 10 % of their expected share"),
    Column("digits", "samples", "high", "Classes captured", headline=1, caption="digits {}"),
    Column(
        "digit_share_min", "samples", "high", "Share of the rarest digit", "share",
        caption="rarest {} %",
    ),
    Column("digit_kl", "samples", "low", "KL divergence of the digits", "nats"),
    Column(
        "digit_diversity", "samples", "high", "Diversity within the digits", caption="diversity {}"
    ),
    Column(
        "high_quality", "samples", "high", "High-quality share", "share", headline=2,
        caption="high quality {} %",
    ),
    Column(
        "sliced_wasserstein", "samples", "low", "Sliced Wasserstein distance", DATA_UNIT, "alone",
        distance=True,
    ),
    Column("spread", "samples", "none", "Spread", DATA_UNIT, "alone"),
    Column("frechet", "samples", "low", "Fréchet distance", seldom=True, headline=3),
    Column("kid", "samples", "low", "Kernel Inception distance", drawn="own", seldom=True),
    Column("mmd", "samples", "low", "Maximum mean discrepancy", drawn="own"),
    Column("precision", "samples", "high", "Precision", "share", "own"),
    Column("recall", "samples", "high", "Recall", "share", "own"),
    Column("density", "samples", "high", "Density", drawn="own", seldom=True),
    Column("coverage", "samples", "high", "Coverage", "share", seldom=True),
    Column(
        "classifier_score", "samples", "high", "Classifier score", drawn="own", distance=True
    ),
    Column(
        "reverse_kl", "samples", "low", "Reverse KL divergence", "nats", distance=True, headline=4
    ),
    Column(
        "lost_share", "samples", "low", "Share of the data that is not reached", "share",
        "always", seldom=True,
    ),
    Column(
        "misplaced_share", "samples", "low", "Share of the samples off the data", "share",
        "always", seldom=True,
    ),
    Column(
        "unmatched_share", "samples", "low", "Share of the data without a near sample", "share",
        "never", seldom=True,
    ),
    Column(
        "total_variation", "samples", "low", "Total variation over cells of equal data", "share",
        "never", seldom=True,
    ),
    Column("score_distance", "samples", "low", "Distance in normal scores", SCORE_UNIT, "alone"),
    Column(
        "worst_score_distance", "samples", "low", "Largest distance in normal scores", SCORE_UNIT,
        "never", seldom=True,
    ),
    Column(
        "least_score_std", "samples", "none", "Least width in normal scores", SCORE_UNIT, "never",
        seldom=True,
    ),
    Column("score_mean", "samples", "none", "Mean of the normal scores", drawn="never", indices=1),
    Column(
        "score_std", "samples", "none", "Standard deviation of the normal scores", drawn="never",
        indices=1,
    ),
    Column("spread_ratio", "samples", "none", "Spread within the modes"),
    Column("latent_sensitivity", "samples", "none", "Latent sensitivity", drawn="alone"),
    # Also of the samples, but less informative than the mean, the std and a distance.
    Column("skew", "samples", "none", "Skewness", drawn="never", indices=1),
    Column("kurtosis", "samples", "none", "Excess kurtosis", drawn="never", indices=1),
    Column("cov", "samples", "none", "Covariance", drawn="never", indices=2),
    Column("ks", "samples", "low", "Kolmogorov-Smirnov distance", drawn="never"),
    Column("energy", "samples", "low", "Energy distance", drawn="never"),
    Column("mode_share", "samples", "none", "Share of mode", "share", "own", indices=1),
    Column("digit", "samples", "none", "Share of digit", "share", "own", indices=1),
    Column("class_share", "samples", "none", "Share of class", "share", "own", indices=1),
    Column("class_kl", "samples", "low", "KL divergence of the classes", "nats"),
)  # fmt: skip
"""All columns that gandiag records; those of the samples with the most informative first."""

ROW = frozenset(column.name for column in TABLE if column.owner == "row")
"""The columns that identify a row and are not series."""

DISTANCES = tuple(column for column in TABLE if column.distance)
"""The distances of the samples from the data, the preferred one first."""

LOSSES = tuple(column.name for column in TABLE if column.loss)
"""The players' losses and their terms, D's first."""

SELDOM = tuple(column.name for column in TABLE if column.seldom)
"""The columns that are measured only where frames are kept."""

INDEXED = re.compile(r"(?P<vector>.+?)(?P<indices>(?:_(?:0|[1-9][0-9]{0,8}))+)")
"""The name of an entry of a vector column, as gandiag writes it: not ``mean_01``."""

MOST_NAMES = 4096
"""The most parsed names in the cache; a user's loop may log any number of columns."""


@dataclass(frozen=True)
class Entry:
    """A parsed column name.

    Attributes:
        column: The row of the table.
        indices: The indices of an entry of a vector column; empty for a scalar.
        part: ``"se"``, ``"floor"``, …; empty for the value.
    """

    column: Column
    indices: tuple[int, ...] = ()
    part: str = ""

    @property
    def name(self) -> str:
        """The name in this version."""
        parts = [self.column.name, *map(str, self.indices), self.part]
        return "_".join(part for part in parts if part)


def entry(name: str) -> Entry | None:
    """Parses a column name; None for a user's own column.

    >>> mean = entry("mean_0_se")
    >>> mean.column.title, mean.indices, mean.part
    ('Mean', (0,), 'se')
    >>> entry("learning_rate") is None
    True
    """
    return INDEX.entry(name)


def current(name: str) -> str:
    """The name of a column in this version, for a name of this or an earlier one."""
    return INDEX.current(name)


def current_names(names: Iterable[str]) -> dict[str, str]:
    """The current names of the columns of a table, each used once; a part follows its value.

    >>> current_names(["mean", "my_metric"])
    {'mean': 'mean', 'my_metric': 'my_metric'}
    """
    known = dict.fromkeys(names)
    taken, new = set(known), dict.fromkeys(known, "")
    for name in sorted(known, key=lambda name: is_part(name, known)):
        follows = not is_part(name, known) or new[whole(name)] != whole(name)
        free = follows and current(name) not in taken
        new[name] = current(name) if free else name
        taken.add(new[name])
    return new


def look_up(name: str) -> Column | None:
    """The row of the table for a column, its entries and parts; None for a user's own column."""
    parsed = entry(name)
    return None if parsed is None else parsed.column


def owner(name: str) -> Owner:
    """What a column describes; a user's own column counts as the game's.

    >>> owner("d_loss_max"), owner("std_1"), owner("g_lr")
    ('D', 'samples', 'game')
    """
    column = look_up(name)
    return "game" if column is None else column.owner


def is_loss(name: str) -> bool:
    """Whether a column is a player's loss, or a term or an extreme of it."""
    column = look_up(name)
    return column is not None and column.loss


def whole(name: str) -> str:
    """A name without its part: ``"kid"`` for ``"kid_se"``."""
    base, _, part = name.rpartition("_")
    return base if part in PARTS else name


def is_part(name: str, names: Collection[str]) -> bool:
    """Whether a name is a part (error, floor, extreme) of another name in a collection.

    >>> is_part("kid_se", ["kid", "kid_se"]), is_part("lr_max", ["lr_max"])
    (True, False)
    """
    return whole(name) != name and whole(name) in names


class Index:
    """Looks up the columns of a table by any recorded name.

    Args:
        table: The table.
    """

    def __init__(self, table: Collection[Column]) -> None:
        self._columns = {name: each for each in table for name in (each.name, *each.aliases)}
        self._entries: dict[str, Entry | None] = {}
        self._current: dict[str, str] = {}

    def entry(self, name: str) -> Entry | None:
        """Parses a column name; see `gandiag.columns.entry`."""
        if name not in self._entries:
            if len(self._entries) >= MOST_NAMES:
                self._entries.clear()
                self._current.clear()
            self._entries[name] = self._parse(name, "") or self._parse_part(name)
        return self._entries[name]

    def current(self, name: str) -> str:
        """The name in this version; see `gandiag.columns.current`."""
        if name not in self._current:
            parsed = self.entry(name)
            self._current[name] = name if parsed is None else parsed.name
        return self._current[name]

    def _parse_part(self, name: str) -> Entry | None:
        base = whole(name)
        return None if base == name else self._parse(base, name.removeprefix(f"{base}_"))

    def _parse(self, name: str, part: str) -> Entry | None:
        if name in self._columns:
            return Entry(self._columns[name], (), part)
        match = INDEXED.fullmatch(name)
        column = self._columns.get(match["vector"]) if match else None
        indices = tuple(map(int, match["indices"][1:].split("_"))) if match else ()
        if column is None or len(indices) != column.indices:
            return None
        return Entry(column, indices, part)


INDEX = Index(TABLE)
