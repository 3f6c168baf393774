"""A small GAN in Keras with its own ``train_step``, for the tests of ``gandiag_keras``."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gandiag_keras import MonitorCallback

BATCH, BATCHES = 8, 25
REAL = np.random.default_rng(1).normal(4, 1, (BATCH * BATCHES, 1)).astype("float32")
LATENT = np.random.default_rng(2).normal(size=(64, 1)).astype("float32")


class Gan(keras.Model):
    """Two updates of D a batch, one of G in every third.

    It returns losses as they are, or running means of them under other names, as Keras' own
    examples do.
    """

    def __init__(self, means: bool) -> None:
        super().__init__()
        keras.utils.set_random_seed(0)
        self.discriminator = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        self.generator = keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)])
        self.d_optimizer, self.g_optimizer = (
            keras.optimizers.Adam(0.01),
            keras.optimizers.Adam(0.01),
        )
        self.means = means
        self.d_mean = keras.metrics.Mean(name="discriminator_loss")
        self.g_mean = keras.metrics.Mean(name="generator_loss")
        self.raw = tf.Variable(tf.zeros((400, 2)), trainable=False)
        self.batches = tf.Variable(0, trainable=False)
        self.fail_at = tf.constant(-1)

    @property
    def metrics(self) -> list[Any]:
        return [self.d_mean, self.g_mean]

    def d_step(self, real: Any) -> Any:
        fake = self.generator(tf.random.normal((BATCH, 1)))
        with tf.GradientTape() as tape:
            soft = tf.nn.softplus
            loss = tf.reduce_mean(soft(-self.discriminator(real)) + soft(self.discriminator(fake)))
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        return loss

    def g_step(self) -> Any:
        with tf.GradientTape() as tape:
            fake = self.generator(tf.random.normal((BATCH, 1)))
            loss = tf.reduce_mean(tf.nn.softplus(-self.discriminator(fake)))
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights, strict=True))
        self.g_mean.update_state(loss)
        return loss

    def train_step(self, real: Any) -> dict[str, Any]:
        self.d_step(real)
        d_loss = self.d_step(real)
        g_loss = tf.cond(self.batches % 3 == 0, self.g_step, lambda: tf.constant(np.nan))
        self.d_mean.update_state(d_loss)
        self.raw.scatter_nd_update([[self.batches]], [[d_loss, g_loss]])
        self.batches.assign_add(1)
        tf.debugging.assert_none_equal(self.batches, self.fail_at, message="the data are wrong")
        if self.means:
            return {"d_loss": self.d_mean.result(), "g_loss": self.g_mean.result()}
        return {"d_loss": d_loss}

    def test_step(self, real: Any) -> dict[str, Any]:
        return {"gap": tf.constant(0.5)}

    def seen(self) -> list[dict[str, float]]:
        rows = self.raw.numpy()[: int(self.batches.numpy())].tolist()
        return [{"d_loss": d} | ({"g_loss": g} if g == g else {}) for d, g in rows]


def fit(gan: Gan, callback: Any, epochs: int = 2, **compiled: Any) -> None:
    gan.compile(**compiled)
    data = tf.data.Dataset.from_tensor_slices(REAL).batch(BATCH)
    gan.fit(
        data, epochs=epochs, verbose=0, callbacks=[callback], validation_data=data, shuffle=False
    )


def plain(out: Path, means: bool = False) -> dict[str, Any]:
    gan = Gan(means)
    sample = lambda: gan.generator(LATENT)  # noqa: E731
    name = "means" if means else "plain"
    fit(gan, MonitorCallback(out / name, real=REAL, every=10, sample=sample))
    alone = Gan(means)
    fit(alone, keras.callbacks.Callback())
    same = [
        np.array_equal(a, b) for a, b in zip(gan.get_weights(), alone.get_weights(), strict=True)
    ]
    return {"seen": gan.seen(), "same": all(same)}


def means(out: Path) -> dict[str, Any]:
    return plain(out, means=True)


def many(out: Path) -> dict[str, Any]:
    """Five batches in one execution."""
    gan = Gan(True)
    fit(gan, MonitorCallback(out / "many", every=10), steps_per_execution=5)
    return {"seen": gan.seen()}


def declared(out: Path) -> dict[str, Any]:
    """Optimizers with unknown names, a sample function that fails, and a second fit."""
    gan = Gan(False)
    gan.judge, gan.painter = gan.d_optimizer, gan.g_optimizer
    del gan.d_optimizer, gan.g_optimizer
    gan.d_step = lambda real: tf.constant(1.0)  # type: ignore[method-assign]
    gan.g_step = lambda: tf.constant(1.0)  # type: ignore[method-assign]
    callback = MonitorCallback(
        out / "declared", every=10, d_updates=2, names={"d_loss": "critic"}, sample=lambda: 1 / 0
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(gan, callback, epochs=1)
        fit(gan, callback, epochs=1)
    return {"said": [str(w.message) for w in caught if "gandiag" in str(w.message)]}


def lost(out: Path) -> dict[str, Any]:
    """A training to be stopped because its numbers are not finite."""
    gan = Gan(False)
    gan.d_step = lambda real: tf.constant(np.nan)  # type: ignore[method-assign]
    callback = MonitorCallback(out / "lost", every=10, stop_when_lost=True)
    gan.compile()
    gan.fit(REAL, batch_size=BATCH, epochs=10, verbose=0, callbacks=[callback])
    return {}


def caught(out: Path) -> dict[str, Any]:
    """An exception that is caught, so that the process goes on."""
    gan = Gan(False)
    gan.fail_at = tf.constant(33)
    callback: Any = MonitorCallback(out / "caught", every=10)
    try:
        fit(gan, callback)
    except tf.errors.InvalidArgumentError as error:
        return {"raised": "the data are wrong" in str(error)}
    return {}


def crash(out: Path) -> None:
    """An exception that ends the process."""
    gan = Gan(False)
    gan.fail_at = tf.constant(33)
    fit(gan, MonitorCallback(out / "crash", every=10))


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    if sys.argv[1] == "crash":
        crash(folder)
    scenes = (plain, means, many, declared, lost, caught)
    found = {scene.__name__: scene(folder) for scene in scenes}
    (folder / "seen.json").write_text(json.dumps(found))
