"""Whether the parts of a game fit together: checked before anything is trained."""

from __future__ import annotations

from gandiag.training.game import Game
from gandiag.training.players import Player


def refuse_misfits(game: Game) -> None:
    """Refuses a game that could not be played.

    Raises:
        ValueError: It could not; the text says what to change.
    """
    _refuse_wrong_outputs(game)
    _refuse_unused_labels(game)
    _refuse_wrong_updates(game)
    _refuse_wrong_teams(game)
    _refuse_too_large_packs(game)
    _refuse_unused_average(game)


def _refuse_wrong_outputs(game: Game) -> None:
    outputs = _outputs("generator", game.generator, game.latent_size, game.g_classes)
    if outputs != game.data_size:
        raise ValueError(
            f"the generator has {outputs} outputs, the data {game.data_size} coordinates; let its "
            f"layers end with {game.data_size}"
        )
    answers = _outputs("discriminator", game.discriminator, game.d_inputs, game.d_classes)
    allowed = (1, 2) if game.objective.game == "gan" else (1,)
    if answers not in allowed:
        raise ValueError(
            f"the discriminator has {answers} outputs; give its last layer 1 unit"
            + (", or 2 for a softmax over two classes" if len(allowed) == 2 else "")
        )


def _outputs(who: str, player: Player, inputs: int, classes: int) -> int:
    try:
        shape = player.shapes(inputs, classes)[-1]
    except ValueError as error:
        raise ValueError(f"the {who}: {error}") from None
    if len(shape) != 1:
        raise ValueError(
            f'the {who} ends with images of {list(shape)}; let {{ kind = "flatten" }} be its '
            "last layer"
        )
    return shape[0]


def _refuse_unused_labels(game: Game) -> None:
    wanted = [
        name
        for name, player in (("generator", game.generator), ("discriminator", game.discriminator))
        if player.labels != "none"
    ]
    if wanted and not game.classes:
        raise ValueError(
            f"{wanted[0]}.labels: the data have no labels; add labelled = true to them"
        )
    if game.classes and not wanted:
        raise ValueError(
            'the data have labels that no player uses; set generator.labels = "first" and '
            'discriminator.labels = "first", or leave labelled out'
        )
    if game.d_classes and game.discriminator.sees.kind != "samples":
        raise ValueError(
            'a discriminator with labels has to see { kind = "samples" }: a pack or a batch '
            "has more than one label"
        )


def _refuse_wrong_updates(game: Game) -> None:
    objective, updates = game.objective, game.schedule.updates
    if objective.consensus and updates != "simultaneous":
        raise ValueError(
            f'objective.consensus needs schedule.updates = "simultaneous", not "{updates}"'
        )
    if objective.unrolled and updates != "alternating":
        raise ValueError(
            f'objective.unrolled needs schedule.updates = "alternating", not "{updates}"'
        )
    if game.schedule.batch < 2 and game.generator.uses_batch_statistics:
        raise ValueError("layers that use the batch's statistics need schedule.batch = 2 or more")
    if game.generator.compares_samples:
        raise ValueError(
            "a minibatch layer is for the discriminator: in a generator, a sample would depend on "
            "how many are drawn with it"
        )
    answers = game.discriminator.sees.answers(game.schedule.batch)
    if answers < 2 and game.discriminator.uses_batch_statistics:
        raise ValueError(
            "the discriminator's layers that use the batch's statistics get one input a batch: "
            "leave them out, or let it see samples or smaller packs"
        )


def _refuse_wrong_teams(game: Game) -> None:
    generators, discriminators = game.generator.members, game.discriminator.members
    objective = game.objective
    if discriminators > 1 and (objective.r1 or objective.gradient_penalty):
        raise ValueError("r1 and gradient_penalty need a single discriminator: members = 1")
    if objective.gradient_penalty and game.discriminator.sees.whole_batch:
        raise ValueError(
            "gradient_penalty needs gradients in single samples or packs, and this "
            "discriminator sees whole batches"
        )
    pairing = objective.pairing
    if pairing is None:
        return
    if len(pairing) != generators or any(len(row) != discriminators for row in pairing):
        raise ValueError(
            f"objective.pairing needs {generators} rows (generators) of {discriminators} weights "
            f"(discriminators), not rows of {[len(row) for row in pairing]}"
        )
    if min(map(sum, pairing)) <= 0 or min(map(sum, zip(*pairing, strict=True))) <= 0:
        raise ValueError("objective.pairing leaves a player without an opponent")


def _refuse_too_large_packs(game: Game) -> None:
    sees = game.discriminator.sees
    if sees.kind == "packed" and sees.count > game.samples:
        raise ValueError(
            f"packs of {sees.count} need recording.samples = {sees.count} or more, "
            f"not {game.samples}"
        )


def _refuse_unused_average(game: Game) -> None:
    if game.discriminator.average:
        raise ValueError(
            "discriminator.average: only the generator makes samples; set generator.average"
        )
