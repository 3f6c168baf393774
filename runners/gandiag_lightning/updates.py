"""Whose an optimizer is, and how many updates it makes."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from torch import nn
from torch.optim import Optimizer

Player = Literal["d", "g"]

NAMES: dict[Player, re.Pattern[str]] = {
    "d": re.compile(r"(^|_)(net)?_?(d|dis|disc\w*|critic\w*)\d*(_|$)"),
    "g": re.compile(r"(^|_)(net)?_?(g|gen\w*)\d*(_|$)"),
}
"""How the modules of the two players are called: D, netD, disc, discriminator, critic_2, …"""


class Updates:
    """Counts the steps that each player's optimizers really make.

    A step that an optimizer's scaler skips is none; one of two optimizers counts once, however
    often Lightning's ``global_step`` counts.

    Args:
        module: The model.
        optimizers: Its optimizers.
        players: Whose each is, in that order; None finds it by the names of the modules whose
            parameters they hold.
    """

    def __init__(
        self,
        module: nn.Module,
        optimizers: Sequence[Optimizer],
        players: Sequence[Player | None] | None = None,
    ) -> None:
        if players is None:
            players = [player_of(module, optimizer) for optimizer in optimizers]
            if not any(players):
                warnings.warn(
                    "gandiag: updates are not counted, for no optimizer holds the parameters of a "
                    "module called generator or discriminator; say whose they are, in the order "
                    'of configure_optimizers: MonitorLogger(..., optimizers=("g", "d"))',
                    stacklevel=2,
                )
        self._counts = {player: 0 for player in players if player is not None}
        self._hooks = [
            optimizer.register_step_post_hook(partial(self._count, player))
            for optimizer, player in zip(optimizers, players, strict=True)
            if player is not None
        ]

    def taken(self) -> dict[str, int]:
        """The updates since the last call, as arguments of ``Monitor.log``."""
        found = {f"{player}_updates": count for player, count in self._counts.items()}
        self._counts = dict.fromkeys(self._counts, 0)
        return found

    def end(self) -> None:
        """Counts no more."""
        for hook in self._hooks:
            hook.remove()

    def _count(self, player: Player, *_: Any) -> None:
        self._counts[player] += 1


def player_of(module: nn.Module, optimizer: Optimizer) -> Player | None:
    """Whose an optimizer is, by the names of the modules whose parameters it holds.

    Returns:
        The player; None where the names tell no one, or both.
    """
    held = {id(p) for group in optimizer.param_groups for p in group["params"]}
    names = [n.partition(".")[0] for n, p in module.named_parameters() if id(p) in held]
    players: list[Player] = ["d", "g"]
    found = [p for p in players if names and all(NAMES[p].search(n.lower()) for n in names)]
    return found[0] if len(found) == 1 else None
