"""Counts the updates of D and G, by the steps of their optimizers."""

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
"""Names of the two players' modules: D, netD, disc, discriminator, critic_2, …"""


class Updates:
    """Counts the steps that each player's optimizers really make.

    A step that the gradient scaler skips is not counted. Unlike Lightning's ``global_step``,
    which counts the steps of all optimizers together, each player has its own count.

    Args:
        module: The model.
        optimizers: Its optimizers.
        players: The player of each optimizer, in that order; None to recognise them by the names
            of the modules whose parameters they update.
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
                    "gandiag: updates are not counted: no optimizer has the parameters of a module "
                    "called generator or discriminator; name their players, in the order "
                    'of configure_optimizers: MonitorLogger(..., optimizers=("g", "d"))',
                    stacklevel=2,
                )
        self._counts = {player: 0 for player in players if player is not None}
        self._hooks = [
            optimizer.register_step_post_hook(partial(self._count, player))
            for optimizer, player in zip(optimizers, players, strict=True)
            if player is not None
        ]

    def since_last_call(self) -> dict[str, int]:
        """The updates since the last call, as arguments of ``Monitor.log``."""
        updates = {f"{player}_updates": count for player, count in self._counts.items()}
        self._counts = dict.fromkeys(self._counts, 0)
        return updates

    def stop(self) -> None:
        """Stops counting."""
        for hook in self._hooks:
            hook.remove()

    def _count(self, player: Player, *_: Any) -> None:
        self._counts[player] += 1


def player_of(module: nn.Module, optimizer: Optimizer) -> Player | None:
    """The player of an optimizer, by the names of the modules whose parameters it updates.

    Returns:
        The player; None if the names match neither or both.
    """
    updated = {id(p) for group in optimizer.param_groups for p in group["params"]}
    names = [n.partition(".")[0] for n, p in module.named_parameters() if id(p) in updated]
    players: list[Player] = ["d", "g"]
    matching = [p for p in players if names and all(NAMES[p].search(n.lower()) for n in names)]
    return matching[0] if len(matching) == 1 else None
