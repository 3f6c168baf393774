"""The trained networks of a run, read from its directory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gandiag.errors import ExperimentError, StoreError
from gandiag.experiment.experiment import Experiment
from gandiag.experiment.loading import trained_from
from gandiag.sampling.net import Net
from gandiag.store import manifest as manifests
from gandiag.store import store
from gandiag.store.manifest import FINISHED, Manifest, read_manifest
from gandiag.store.weights import Weights, Which, read_weights


@dataclass(frozen=True, eq=False)
class TrainedNetworks:
    """A run with its trained weights.

    Attributes:
        run: The run's id.
        seed: Its seed.
        experiment: What was trained.
        weights: The weights of both players.
    """

    run: str
    seed: int
    experiment: Experiment
    weights: Weights

    @property
    def generator(self) -> Net:
        """The generator, as it is trained."""
        game, held = self.experiment.game, self.weights
        return Net(game.generator, game.latent_size, game.g_classes, held.g, held.g_memory)

    @property
    def sampler(self) -> Net:
        """The generator, as it is sampled: by the moving average of its weights if it keeps one."""
        game, held = self.experiment.game, self.weights
        weights = held.g if held.g_average is None else held.g_average
        return Net(game.generator, game.latent_size, game.g_classes, weights, held.g_memory)

    @property
    def discriminator(self) -> Net:
        """The discriminator."""
        game, held = self.experiment.game, self.weights
        return Net(game.discriminator, game.d_inputs, game.d_classes, held.d, held.d_memory)


def read_trained_networks(directory: str | Path, which: Which = "last") -> TrainedNetworks:
    """Reads the trained weights of a run.

    Args:
        directory: The run's directory, e.g. ``"runs/ring8/torch-0003-1f8bd045"``.
        which: ``"last"`` for the weights of its end, ``"best"`` for those of the log point that
            its stopping rule found best, or the iteration of a snapshot.

    Raises:
        StoreError: It is no run's directory, or the run has no such weights: it was recorded in
            somebody's own loop, did not come to its end, or is of a version that kept none.
    """
    directory = Path(directory)
    manifest = read_manifest(directory)
    if manifest is None:
        raise StoreError(_no_run(directory))
    experiment = _experiment(directory, manifest)
    if which == "last" and not any(directory.glob("weights*.npz")):
        raise StoreError(_no_weights(directory, manifest))
    weights = read_weights(directory, which)
    _must_fit(directory, experiment, weights)
    return TrainedNetworks(manifest.run, manifest.identity.seed, experiment, weights)


def _experiment(directory: Path, manifest: Manifest) -> Experiment:
    """What was trained.

    Raises:
        StoreError: Not by us, or by a version that wrote it otherwise.
    """
    try:
        trained = trained_from(manifest.identity.experiment, str(directory))
    except ExperimentError as error:
        version = manifest.identity.versions.get("gandiag", "another version")
        raise StoreError(f"{error}\nIt was trained by gandiag {version}; train it again") from None
    if isinstance(trained, Experiment):
        return trained
    raise StoreError(
        f"{directory} was recorded in a loop of its own: gandiag has its numbers, and not its "
        "networks. Sample it with the code that trained it"
    )


def _must_fit(directory: Path, experiment: Experiment, weights: Weights) -> None:
    game = experiment.game
    for name, held, player, inputs, classes in (
        ("generator", weights.g, game.generator, game.latent_size, game.g_classes),
        ("discriminator", weights.d, game.discriminator, game.d_inputs, game.d_classes),
    ):
        expected = player.members * player.count(inputs, classes)
        if held.size != expected:
            raise StoreError(
                f"{directory} holds {held.size} weights of the {name}, and its experiment has "
                f"{expected}: its manifest or its weights were changed"
            )


def _no_run(directory: Path) -> str:
    """What is said of a directory that holds no run."""
    if (directory / store.NAME).exists():
        runs = sorted(path.parent for path in directory.glob(f"*/{manifests.NAME}"))
        named = f"; name one of its {len(runs)} runs, e.g. {runs[0]}" if runs else ", without runs"
        return f"{directory} is a store{named}"
    return f"{directory} is no run's directory: {manifests.NAME} is missing, or cannot be read"


def _no_weights(directory: Path, manifest: Manifest) -> str:
    """What is said of a run of ours without any weights."""
    if manifest.status not in FINISHED:
        how = f"has not come to its end ({manifest.status})"
        return f"{directory} {how} and has no weights yet; the same sweep again goes on with it"
    if manifest.diverged_in == "pretrain":
        return f"{directory} diverged before the game: there is no generator to sample"
    return f"{directory} has kept no weights: an older gandiag trained it. Train it again"
