"""Writes the files of ``events`` with PyTorch's and TensorFlow's own writers; run by hand.

    python make_events.py torch; python make_events.py tensorflow

Made with torch 2.13.0, tensorflow 2.21.0 and tensorboard 2.21.0; besides the losses
of `make` a histogram and a text, which are not scalars.
"""

from __future__ import annotations

import sys
from pathlib import Path

from make import STEPS, D, G

HERE = Path(__file__).parent / "events"


def by_torch(place: Path) -> None:
    import numpy as np
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(place)) as writer:
        for step, d, g in zip(STEPS, D, G, strict=True):
            writer.add_scalar("Loss/D", d, step)
            writer.add_scalar("Loss/G", g, step)
            writer.add_histogram("weights", np.arange(3.0), step)
        writer.add_text("note", "a word")


def by_tensorflow(place: Path) -> None:
    import tensorflow as tf

    with tf.summary.create_file_writer(str(place)).as_default():
        for step, d, g in zip(STEPS, D, G, strict=True):
            tf.summary.scalar("Loss/D", d, step)
            tf.summary.scalar("Loss/G", g, step)
            tf.summary.histogram("weights", [0.0, 1.0, 2.0], step)
        tf.summary.text("note", "a word", 0)


if __name__ == "__main__":
    made = HERE / sys.argv[1]
    {"torch": by_torch, "tensorflow": by_tensorflow}[sys.argv[1]](made)
    for file in made.iterdir():
        file.rename(made / f"events.out.tfevents.0.{sys.argv[1]}")
