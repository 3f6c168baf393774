"""Which columns the tags of a log become."""

from __future__ import annotations

import pytest

from gandiag.errors import UsageError
from gandiag.exchange.columns import choose
from gandiag.exchange.log import Log, Point


def log(*tags: str) -> Log:
    return Log("a.csv", "csv", tuple(Point(0, tag, 1.0, None, "line 2") for tag in tags))


def test_the_users_choice_overrides_a_guess() -> None:
    found = choose(log("Loss_D", "Loss_G", "other", "seed"), {"d_loss": "other", "fid": "Loss_D"})
    assert found.names == {"other": "d_loss", "Loss_D": "fid", "Loss_G": "g_loss"}
    assert found.guessed == ("g_loss",)
    assert found.left_out == ("seed",)


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
