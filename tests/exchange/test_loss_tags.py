"""Which tags are recognised as the losses of D and G, and which columns are chosen."""

from __future__ import annotations

import pytest

from gandiag.errors import UsageError
from gandiag.exchange.columns import choose
from gandiag.exchange.log import Log, Point
from gandiag.exchange.loss_tags import guess


@pytest.mark.parametrize(
    ("d", "g"),
    [
        ("Loss_D", "Loss_G"),
        ("d_loss", "g_loss"),
        ("D_loss", "G_loss"),
        ("errD", "errG"),
        ("lossD", "lossG"),
        ("dLoss", "gLoss"),
        ("d-loss", "g-loss"),
        ("loss/discriminator", "loss/generator"),
        ("discriminator_loss", "generator_loss"),
        ("Discriminator Loss", "Generator Loss"),
        ("train/disc_loss", "train/gen_loss"),
        ("critic_loss", "generator_loss"),
        ("netD/loss", "netG/loss"),
        ("Loss/D/loss", "Loss/G/loss"),
        ("brave-owl-3 - d_loss", "brave-owl-3 - g_loss"),
    ],
)
def test_common_names_are_recognised(d: str, g: str) -> None:
    others = ["lr", "epoch", "D(x)", "fid", "val/d_loss", "d_loss_real", "gp_loss", "loss"]
    assert guess([*others, d, g]) == {"d_loss": [d], "g_loss": [g]}


@pytest.mark.parametrize(
    "tag", ["d_loss_real", "val_d_loss", "d_grad", "d", "loss", "fid", "gp", ""]
)
def test_other_quantities_are_not_mistaken_for_a_loss(tag: str) -> None:
    assert guess([tag]) == {}


def test_the_shortest_name_wins_and_two_of_equal_length_are_ambiguous() -> None:
    assert guess(["train_d_loss_total", "train_d_loss"]) == {"d_loss": ["train_d_loss"]}
    assert guess(["errD", "Loss_D"]) == {"d_loss": ["errD", "Loss_D"]}
    assert guess(["errD", "d_loss"]) == {"d_loss": ["d_loss"]}


def log(*tags: str) -> Log:
    return Log("a.csv", "csv", tuple(Point(0, tag, 1.0, None, "line 2") for tag in tags))


def test_the_users_choice_overrides_a_guess() -> None:
    found = choose(log("Loss_D", "Loss_G", "other", "seed"), {"d_loss": "other", "fid": "Loss_D"})
    assert found.names == {"other": "d_loss", "Loss_D": "fid", "Loss_G": "g_loss"}
    assert found.guessed == ("g_loss",)
    assert found.aside == ("seed",)


def test_ambiguous_tags_are_not_renamed() -> None:
    found = choose(log("errD", "Loss_D"), {})
    assert found.names == {"errD": "errD", "Loss_D": "Loss_D"}
    assert found.unclear == {"d_loss": ("errD", "Loss_D")}


@pytest.mark.parametrize(
    ("tags", "asked", "said"),
    [
        (["Loss_D"], {"d_loss": "Loss_d"}, "no tag 'Loss_d'; did you mean 'Loss_D'"),
        (["a", "fid"], {"fid": "a"}, "both 'fid' and 'a' would be the column 'fid'"),
        (["a"], {"iteration": "a"}, "'iteration' is a column of every row"),
    ],
)
def test_an_impossible_choice_is_refused(tags: list[str], asked: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        choose(log(*tags), asked)


def test_updates_are_recognised_by_their_exact_names_only() -> None:
    found = choose(log("d_updates", "updates_g"), {})
    assert found.names == {"d_updates": "d_updates", "updates_g": "updates_g"}
