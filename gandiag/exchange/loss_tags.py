"""Recognises the losses of D and G among the tags of a log."""

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
"""Words that leave the meaning of a loss as it is; ``real``, ``gp`` or ``val`` would change it."""


def words(tag: str) -> list[str]:
    """The words of a tag, in lower case.

    >>> words("Loss_D"), words("errD"), words("train/discriminatorLoss")
    (['loss', 'd'], ['err', 'd'], ['train', 'discriminator', 'loss'])
    """
    name = tag.rpartition(" - ")[2]  # W&B prefixes the run's name when it exports a chart
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def guess(tags: Iterable[str]) -> dict[str, list[str]]:
    """The tags that look like the losses of the players.

    Returns:
        The tags that fit best, by our name: several if more than one fits equally well.

    >>> guess(["Loss_D", "Loss_G", "D(x)", "loss/discriminator_real", "lr"])
    {'d_loss': ['Loss_D'], 'g_loss': ['Loss_G']}
    >>> guess(["errD/A", "errD_A"])
    {}
    """
    split = {tag: words(tag) for tag in tags}
    guessed: dict[str, list[str]] = {}
    for name, player in PLAYERS.items():
        fits = {tag: len(parts) for tag, parts in split.items() if _fits(set(parts), player)}
        best = [tag for tag, count in fits.items() if count == min(fits.values())]
        if best:
            guessed[name] = [name] if name in best else best
    return guessed


def _fits(parts: set[str], player: frozenset[str]) -> bool:
    return bool(parts & LOSS and parts & player) and parts <= LOSS | player | NEUTRAL
