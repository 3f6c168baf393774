"""Every random number of a run, as a function of (seed, stream, step) and of nothing else.

A stream is addressed by chunks of iterations: each (seed, stream, chunk) has a Philox generator
of its own, whose key is a SHA-256 of the three. So neither the framework, nor the other seeds of
the group, nor an interruption can shift a number; and within a chunk the draws are as fast as
NumPy's. Which samples of a finite set a batch has is a function of its place in the stream,
whatever the chunk.
Numbers are drawn as float32 whatever the precision of the training, so that a float64 run sees
the same data as a float32 one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from types import TracebackType
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from gandiag.data.order import Key
from gandiag.training.process import Draw, Process

LAYOUT = 1
"""The version of the addressing; it is part of every key."""

Noise = dict[str, NDArray[np.float32]]


@runtime_checkable
class Ordered(Protocol):
    """A finite set of samples that a training run goes through in an order."""

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """Writes consecutive batches into ``out`` [..., feature, batch].

        Args:
            key: ``key(name, number)`` is a generator of the seed's stream, the same in every
                chunk: for the permutation of an epoch, for instance.
            first: How many batches of the stream went before.
            rng: The chunk's own generator, for what is random in every batch.
            out: Where to.
        """


def generator(seed: int, stream: str, chunk: int = 0) -> np.random.Generator:
    """The generator of one chunk of one stream of one seed.

    Args:
        seed: The run's seed.
        stream: The name of the stream, e.g. ``"train/real"``.
        chunk: Which chunk of iterations.

    >>> float(generator(7, "train/real").standard_normal(dtype=np.float32)).hex()
    '-0x1.6718de0000000p-4'
    """
    address = f"gandiag streams {LAYOUT}\n{seed}\n{stream}\n{chunk}"
    key = int.from_bytes(hashlib.sha256(address.encode()).digest()[:16], "little")
    return np.random.Generator(np.random.Philox(key=key))


def draw_lanes(
    lanes: Sequence[int], stream: str, draw: Draw, chunk: int = 0, length: int = 1
) -> NDArray[np.float32]:
    """Draws some iterations of a stream for every lane, whatever the order of the data.

    Args:
        lanes: The seed of each lane; an empty lane repeats another's seed.
        stream: The name of the stream.
        draw: What an iteration needs.
        chunk: Which chunk of iterations.
        length: How many iterations.

    Returns:
        The numbers, shape [iteration, draws, lane, feature, batch]: what one update needs
        is contiguous.
    """
    count, size, batch = draw.shape
    out = np.empty((length, count, len(lanes), size, batch), dtype=np.float32)
    own = np.empty((length, *draw.shape), dtype=np.float32)
    for seed, places in _places(lanes).items():
        draw.source.fill(generator(seed, stream, chunk), own)
        for lane in places:
            out[:, :, lane] = own
    return out


def deal_lanes(
    lanes: Sequence[int], stream: str, draw: Draw, chunk: int, length: int
) -> NDArray[np.float32]:
    """Draws a chunk of a phase for every lane: a finite set in its order, all else independently.

    Args:
        lanes: The seed of each lane.
        stream: The name of the stream.
        draw: What an iteration needs.
        chunk: Which chunk of iterations.
        length: How many iterations a chunk has.

    Returns:
        As of `draw_lanes`.
    """
    source = draw.source
    if not isinstance(source, Ordered):
        return draw_lanes(lanes, stream, draw, chunk, length)
    count, size, batch = draw.shape
    out = np.empty((length, count, len(lanes), size, batch), dtype=np.float32)
    for seed, (place, *others) in _places(lanes).items():
        key = partial(_keyed, seed, stream)
        first, rng = chunk * length * count, generator(seed, stream, chunk)
        source.deal(key, first, rng, out[:, :, place])
        for lane in others:
            out[:, :, lane] = out[:, :, place]
    return out


def _keyed(seed: int, stream: str, name: str, number: int) -> np.random.Generator:
    """A generator apart from those of the chunks."""
    return generator(seed, f"{stream}/{name}", number)


def _places(lanes: Sequence[int]) -> dict[int, list[int]]:
    """The lanes of each seed."""
    return {seed: [k for k, other in enumerate(lanes) if other == seed] for seed in lanes}


class Feed:
    """The random numbers of a phase, chunk by chunk, drawn while the training computes.

    One thread draws the next chunk; NumPy lets go of the interpreter while it fills.
    """

    def __init__(self, process: Process, lanes: Sequence[int], chunk: int) -> None:
        self.chunk = chunk
        self._process = process
        self._lanes = tuple(lanes)
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="gandiag-draws")
        self._ahead: dict[int, Future[Noise]] = {}

    def __enter__(self) -> Feed:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def of_chunk(self, index: int) -> Noise:
        """The numbers of a chunk, each [iteration, draws, lane, feature, batch]."""
        ahead = self._ahead
        if index not in ahead:
            ahead[index] = self._pool.submit(self._fill, index)
        after = index + 1
        if after not in ahead and after * self.chunk < self._process.iterations:
            ahead[after] = self._pool.submit(self._fill, after)
        self._ahead = {k: ahead[k] for k in (index, after) if k in ahead}
        return self._ahead[index].result()

    def _fill(self, index: int) -> Noise:
        return {
            name: deal_lanes(self._lanes, f"{self._process.name}/{name}", draw, index, self.chunk)
            for name, draw in self._process.draws.items()
        }


def probe(process: Process, lanes: Sequence[int]) -> Noise:
    """One iteration's numbers apart from all of the training's, [draws, lane, feature, batch]."""
    draws: Mapping[str, Draw] = process.draws
    return {name: draw_lanes(lanes, f"probe/{name}", draw)[0] for name, draw in draws.items()}
