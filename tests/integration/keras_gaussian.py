"""A GAN on a Gaussian in Keras with its own ``train_step``, as in Keras' documentation.

It has a bug known from real code: after some epochs the noise is zero. Only the lines with
``MonitorCallback`` concern gandiag.
"""

from __future__ import annotations

import sys
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gandiag_keras import MonitorCallback

BATCH, BATCHES, LATENT = 64, 50, 4


class Gan(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.discriminator, self.generator = network(1), network(LATENT)
        self.d_optimizer = keras.optimizers.Adam(3e-3, beta_1=0.5)
        self.g_optimizer = keras.optimizers.Adam(1e-3, beta_1=0.5)
        self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
        self.volume = tf.Variable(1.0, trainable=False)

    def noise(self, n: int) -> Any:
        return self.volume * tf.random.normal((n, LATENT))

    def train_step(self, real: Any) -> dict[str, Any]:
        ones, zeros = tf.ones((BATCH, 1)), tf.zeros((BATCH, 1))
        with tf.GradientTape() as tape:
            fake = self.generator(self.noise(BATCH))
            d_loss = self.loss_fn(ones, self.discriminator(real))
            d_loss += self.loss_fn(zeros, self.discriminator(fake))
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
        with tf.GradientTape() as tape:
            fake = self.generator(self.noise(BATCH))
            g_loss = self.loss_fn(ones, self.discriminator(fake))
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
        return {"d_loss": d_loss, "g_loss": g_loss}


def network(inputs: int) -> Any:
    layers = [keras.layers.Dense(32, activation="relu") for _ in range(2)]
    return keras.Sequential([keras.layers.Input((inputs,)), *layers, keras.layers.Dense(1)])


class Bug(keras.callbacks.Callback):  # type: ignore[misc]
    def __init__(self, epoch: int) -> None:
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.model.volume.assign(0.0 if epoch >= self.epoch else 1.0)


def main(out: str, breaks_at: int) -> None:
    keras.utils.set_random_seed(0)
    real = np.random.default_rng(0).normal(2.0, 0.5, (BATCH * BATCHES, 1)).astype("float32")
    data = tf.data.Dataset.from_tensor_slices(real).shuffle(len(real)).batch(BATCH)
    gan = Gan()
    gan.compile()

    monitor = MonitorCallback(out, real=real, sample=lambda: gan.generator(gan.noise(2500)))
    gan.fit(data, epochs=30, verbose=0, callbacks=[Bug(breaks_at), monitor])


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
