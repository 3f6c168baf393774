"""Which tags are recognised as the losses of D and G."""

from __future__ import annotations

import pytest

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
