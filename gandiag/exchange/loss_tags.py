"""What the tags of others are called here."""

from __future__ import annotations

import re
from collections.abc import Iterable

LOSS = frozenset(("loss", "losses", "err", "error", "dloss", "gloss"))

PLAYERS = {
    "d_loss": frozenset(("d", "dis", "disc", "discriminator", "critic", "dloss")),
    "g_loss": frozenset(("g", "gen", "generator", "gloss")),
}

NEUTRAL = frozenset(
    ("train", "training", "net", "model", "total", "mean", "avg", "step", "batch", "gan", "scalars")
)
"""Words that do not make another quantity of a loss; ``real``, ``gp`` or ``val`` would."""


def words(tag: str) -> list[str]:
    """The words of a tag, in small letters.

    >>> words("Loss_D"), words("errD"), words("train/discriminatorLoss")
    (['loss', 'd'], ['err', 'd'], ['train', 'discriminator', 'loss'])
    """
    own = tag.rpartition(" - ")[2]  # W&B puts the run's name before, in the table of a chart
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", own)]


def guess(tags: Iterable[str]) -> dict[str, list[str]]:
    """The tags that look like the losses of the players.

    Returns:
        By our name the tags that fit best: one where it is clear, several where it is not.

    >>> guess(["Loss_D", "Loss_G", "D(x)", "loss/discriminator_real", "lr"])
    {'d_loss': ['Loss_D'], 'g_loss': ['Loss_G']}
    >>> guess(["errD/A", "errD_A"])
    {}
    """
    split = {tag: words(tag) for tag in tags}
    found: dict[str, list[str]] = {}
    for name, player in PLAYERS.items():
        fits = {tag: len(parts) for tag, parts in split.items() if _fits(set(parts), player)}
        best = [tag for tag, count in fits.items() if count == min(fits.values())]
        if best:
            found[name] = [name] if name in best else best
    return found


def _fits(parts: set[str], player: frozenset[str]) -> bool:
    return bool(parts & LOSS and parts & player) and parts <= LOSS | player | NEUTRAL
