"""Every random number is a function of (seed, stream, chunk) and of nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from subprocess import CompletedProcess

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gandiag.data.latent import LineLatent, NormalLatent, UniformLatent
from gandiag.data.mixtures import Grid, Ring
from gandiag.data.normal import MultivariateNormal, Normal
from gandiag.data.order import Key
from gandiag.errors import ExperimentError
from gandiag.experiment.loading import read_experiment
from gandiag.running.streams import Feed, deal_lanes, draw_lanes, generator, probe
from gandiag.running.training_loop import lanes_of
from gandiag.training.pretraining import Points
from gandiag.training.process import Draw, Source

Run = Callable[..., CompletedProcess[str]]

GOLDEN = [
    (
        (0, "train/real", 0),
        0x6B23FD3C00B8002A,
        ["0x1.52278e0000000p-9", "-0x1.c8d34c0000000p-2", "0x1.4bc7160000000p-2"],
        ["0x1.7000000000000p-9", "0x1.ac8ff40000000p-2", "0x1.e07a100000000p-3"],
    ),
    (
        (7, "train/real", 0),
        0xF95526710B2E6BBE,
        ["-0x1.6718de0000000p-4", "0x1.65abc40000000p+0", "0x1.26a7b00000000p-1"],
        ["0x1.65cd600000000p-5", "0x1.f2aa4c0000000p-1", "0x1.093b180000000p-1"],
    ),
    (
        (7, "train/real", 1),
        0xE1A9F78F703D37D6,
        ["-0x1.fb3d420000000p-1", "-0x1.71c6380000000p+0", "0x1.24bfa40000000p-2"],
        ["0x1.c0f4dc0000000p-2", "0x1.c353ee0000000p-1", "0x1.6b80900000000p-3"],
    ),
    (
        (7, "train/d_latent", 0),
        0x51A007D8BCBCDC87,
        ["0x1.2aca820000000p+0", "-0x1.74fe800000000p-1", "-0x1.a59b5e0000000p-1"],
        ["0x1.7979b80000000p-1", "0x1.46801c0000000p-2", "0x1.f7baa40000000p-2"],
    ),
    (
        (123456789012, "initial/generator", 3),
        0x7CC5CC5ED5A165A6,
        ["-0x1.8206580000000p+0", "0x1.46301a0000000p-1", "-0x1.745fde0000000p+1"],
        ["0x1.ab42ca0000000p-1", "0x1.f317300000000p-2", "0x1.ebef3e0000000p-1"],
    ),
]


@pytest.mark.parametrize(("address", "word", "normals", "uniforms"), GOLDEN)
def test_the_first_numbers_of_a_stream_never_change(
    address: tuple[int, str, int], word: int, normals: list[str], uniforms: list[str]
) -> None:
    assert generator(*address).bit_generator.random_raw() == word
    drawn = generator(*address).standard_normal(3, dtype=np.float32)
    assert [float(x).hex() for x in drawn] == normals
    drawn = generator(*address).random(3, dtype=np.float32)
    assert [float(x).hex() for x in drawn] == uniforms


@pytest.mark.parametrize(
    ("stream", "first"),
    [
        ("real", "4ab65140cc1f6540f9786e40"),
        ("d_latent", "a002143fc0b74e3e7841d63d"),
        ("g_latent", "44095b3e5461153ec226743f"),
    ],
)
def test_devnags_batches_never_change(stream: str, first: str) -> None:
    draw = read_experiment("devnag-1d").game.draws[stream]
    drawn = draw_lanes([3, 8], f"train/{stream}", draw, chunk=2)
    assert drawn[0, 0, 1, 0, :3].tobytes().hex() == first


def test_devnags_first_weights_never_change() -> None:
    player = read_experiment("devnag-1d").generator
    weights = player.initial(1, generator(5, "initial/generator"))
    assert weights[:4].tobytes().hex() == "d81f453e709947bf003efb3b169a643f"


def test_a_change_of_any_part_of_the_address_changes_the_numbers() -> None:
    addresses = [(7, "a", 0), (8, "a", 0), (7, "b", 0), (7, "a", 1), (71, "a", 0), (7, "1/a", 0)]
    words = [generator(*address).bit_generator.random_raw() for address in addresses]
    assert len(set(words)) == len(addresses)


SOURCES: dict[str, Source] = {
    "uniform": UniformLatent(kind="uniform", size=2, low=-1.0, high=1.0),
    "normal latent": NormalLatent(kind="normal", size=2),
    "line": LineLatent(kind="line", low=-8.0, high=8.0),
    "normal": Normal(kind="normal", mean=4.0, std=0.5),
    "sorted": Normal(kind="normal", mean=4.0, std=0.5, order="sorted"),
    "plane": MultivariateNormal(
        kind="multivariate-normal", means=(1.0, 1.0), covariance=((1.0, 0.8), (0.8, 1.0))
    ),
    "ring": Ring(kind="ring"),
    "grid": Grid(kind="grid"),
    "points": Points(Normal(kind="normal", mean=4.0, std=0.5), -5.0, 5.0),
}
SIZES = {"line": 1, "normal": 1, "sorted": 1}

lanes = st.lists(st.integers(0, 10**6), min_size=1, max_size=5, unique=True)


@pytest.mark.parametrize("name", SOURCES)
@given(company=lanes, seed=st.integers(0, 10**6), place=st.integers(0, 5))
def test_a_seeds_numbers_depend_neither_on_the_group_nor_on_the_lane(
    name: str, company: list[int], seed: int, place: int
) -> None:
    draw = Draw(SOURCES[name], 3, SIZES.get(name, 2), 4)
    alone = draw_lanes([seed], "train/real", draw, chunk=1, length=2)
    others = [other for other in company if other != seed]
    among = [*others[:place], seed, *others[place:]]
    drawn = draw_lanes(among, "train/real", draw, chunk=1, length=2)
    assert np.array_equal(drawn[:, :, among.index(seed)], alone[:, :, 0])


def test_an_empty_lane_repeats_another() -> None:
    draw = Draw(SOURCES["normal"], 1, 1, 4)
    drawn = draw_lanes(lanes_of([7, 3], 5), "train/real", draw)
    assert np.array_equal(drawn[:, :, 0], drawn[:, :, 2])
    assert not np.array_equal(drawn[:, :, 2], drawn[:, :, 3])


@pytest.mark.parametrize("name", SOURCES)
def test_a_shorter_drawing_is_the_beginning_of_a_longer_one(name: str) -> None:
    draw = Draw(SOURCES[name], 3, SIZES.get(name, 2), 5)
    long = draw_lanes([4, 9], "train/real", draw, chunk=2, length=11)
    for length in (1, 2, 10):
        short = draw_lanes([4, 9], "train/real", draw, chunk=2, length=length)
        assert np.array_equal(short, long[:length])


@dataclass(frozen=True)
class Walk:
    """A process of two streams that nobody trains."""

    iterations: int
    name: str = "train"

    @property
    def draws(self) -> dict[str, Draw]:
        real, latent = SOURCES["normal"], SOURCES["uniform"]
        return {"real": Draw(real, 2, 1, 3), "latent": Draw(latent, 1, 2, 3)}


def test_a_feed_gives_what_is_drawn_by_hand() -> None:
    walk = Walk(25)
    with Feed(walk, [2, 5], chunk=10) as feed:  # type: ignore[arg-type]
        for chunk in range(3):
            fed = feed.of_chunk(chunk)
            assert set(fed) == {"real", "latent"}
            for name, draw in walk.draws.items():
                by_hand = draw_lanes([2, 5], f"train/{name}", draw, chunk, 10)
                assert np.array_equal(fed[name], by_hand)


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_feed_that_is_resumed_at_any_chunk_gives_the_same(first: int) -> None:
    walk = Walk(30)
    with Feed(walk, [2], chunk=10) as feed:  # type: ignore[arg-type]
        whole = [feed.of_chunk(chunk) for chunk in range(3)]
    with Feed(walk, [2], chunk=10) as feed:  # type: ignore[arg-type]
        for chunk in range(first, 3):
            assert np.array_equal(feed.of_chunk(chunk)["real"], whole[chunk]["real"])


def test_a_feed_asked_twice_for_a_chunk_gives_it_twice() -> None:
    with Feed(Walk(30), [2], chunk=10) as feed:  # type: ignore[arg-type]
        assert np.array_equal(feed.of_chunk(1)["real"], feed.of_chunk(1)["real"])


def test_the_probe_shares_no_number_with_the_training() -> None:
    walk = Walk(10)
    probed = probe(walk, [2])["real"]  # type: ignore[arg-type]
    trained = draw_lanes([2], "train/real", walk.draws["real"], 0, 10)
    assert probed.shape == trained[0].shape
    assert not np.isin(probed, trained).any()


def test_the_numbers_do_not_depend_on_the_hash_seed(run: Run) -> None:
    code = (
        "from gandiag.running.streams import generator; "
        "print(hash('train/real'), generator(7, 'train/real').bit_generator.random_raw())"
    )
    told = [run("-c", code, module=False, PYTHONHASHSEED=seed).stdout.split() for seed in "12"]
    assert told[0][0] != told[1][0], "the hash seed had no effect; the test proves nothing"
    assert told[0][1] == told[1][1] == str(0xF95526710B2E6BBE)


def test_a_chunk_above_32_megabytes_is_refused_and_the_largest_that_fits_is_named() -> None:
    most = 32 * 2**20 // (4 * 20 * 500)
    assert read_experiment("devnag-1d", {"schedule.chunk": most}).schedule.chunk == most
    with pytest.raises(ExperimentError, match=rf"at most 32; set it to {most} or less"):
        read_experiment("devnag-1d", {"schedule.chunk": most + 1})


def test_the_limit_of_a_chunk_holds_for_every_stream() -> None:
    most = 32 * 2**20 // (4 * 20 * 2 * 500)
    settings = {"latent.size": 2, "schedule.chunk": most + 1}
    with pytest.raises(ExperimentError, match=rf"'d_latent'.*set it to {most} or less"):
        read_experiment("devnag-1d", settings)


@dataclass
class Deck:
    """An ordered source that notes what it is asked."""

    asked: list[tuple[int, int]] = field(default_factory=list)

    def fill(self, rng: np.random.Generator, out: NDArray[np.float32]) -> None:
        out[...] = -1

    def deal(
        self, key: Key, first: int, rng: np.random.Generator, out: NDArray[np.float32]
    ) -> None:
        """The number of each batch, the first number of the stream's epoch 0, and a fresh one."""
        self.asked.append((first, int(key("epoch", 0).integers(10**9))))
        batches = out.shape[0] * out.shape[1]
        out[:, :, 0] = (first + np.arange(batches)).reshape(*out.shape[:2], 1)
        out[:, :, 1] = rng.random(out[:, :, 1].shape, dtype=np.float32)


def test_an_ordered_source_is_told_how_many_batches_of_the_stream_went_before() -> None:
    deck = Deck()
    drawn = [deal_lanes([4, 9], "train/real", Draw(deck, 3, 2, 5), k, 10) for k in range(4)]
    numbered = np.concatenate(drawn)[:, :, :, 0]
    assert numbered.shape == (40, 3, 2, 5)
    assert np.array_equal(numbered[:, :, 1, 2].ravel(), np.arange(120))
    assert [first for first, _ in deck.asked] == [0, 0, 30, 30, 60, 60, 90, 90]


def test_the_keys_of_an_order_are_a_seeds_and_a_streams_and_the_same_in_every_chunk() -> None:
    deck, other = Deck(), Deck()
    for chunk in range(3):
        deal_lanes([4, 9], "train/real", Draw(deck, 1, 2, 5), chunk, 10)
        deal_lanes([4], "train/other", Draw(other, 1, 2, 5), chunk, 10)
    of_4, of_9 = ({key for _, key in deck.asked[start::2]} for start in (0, 1))
    elsewhere = {key for _, key in other.asked}
    assert len(of_4) == len(of_9) == len(elsewhere) == 1
    assert len(of_4 | of_9 | elsewhere) == 3


def test_random_numbers_of_an_ordered_source_come_from_the_chunk() -> None:
    draw = Draw(Deck(), 2, 2, 5)
    first, second = (deal_lanes([4], "train/real", draw, k, 10)[:, :, 0, 1] for k in (0, 1))
    by_hand = generator(4, "train/real", 1).random((10, 2, 5), dtype=np.float32)
    assert np.array_equal(second, by_hand)
    assert not np.isin(first, second).any()


def test_no_order_is_computed_for_an_empty_lane() -> None:
    deck = Deck()
    drawn = deal_lanes(lanes_of([7, 3], 5), "train/real", Draw(deck, 1, 2, 4), 0, 3)
    assert len(deck.asked) == 2
    assert np.array_equal(drawn[:, :, 0], drawn[:, :, 2])


def test_evaluation_data_have_no_order() -> None:
    draw = Draw(Deck(), 1, 2, 4)
    assert (draw_lanes([7], "evaluate/real", draw) == -1).all()


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_without_an_order_is_dealt_as_it_is_drawn(name: str) -> None:
    draw = Draw(SOURCES[name], 3, SIZES.get(name, 2), 4)
    dealt = deal_lanes([5, 8], "train/real", draw, 2, 6)
    assert np.array_equal(dealt, draw_lanes([5, 8], "train/real", draw, 2, 6))
