"""Where the players of small games get to in an update, on one backend."""

from __future__ import annotations

import numpy as np
from frameworks import Framework, Values
from losses import GAMES, LANE, STEP, TEAMS, inputs, loss_and_gradient, repeated, small, tensors

from gandiag.training.playing import GameProgram


def moves(work: Framework) -> Values:
    """All of them, by name."""
    found = {
        "consensus": consensus,
        "alike": alike,
        "apart": apart,
        "clipping": clipping,
        "remembered": remembered,
    }
    return {f"{name}/{k}": v for name, of in found.items() for k, v in of(work).items()}


def consensus(work: Framework) -> Values:
    """How both players move, and the field and the slope of half its square, by differences."""
    game = small({"objective.consensus": 0.8, "schedule.updates": "simultaneous"})
    program = GameProgram(game, work.tools)
    state, noise = inputs(game)
    after = program.iterate(tensors(work, state), tensors(work, noise), 1)
    at = np.concatenate([state[who]["weights"][LANE] for who in "dg"])
    many, numbers = repeated(state, 0, 2 * at.size), repeated(noise, 1, 2 * at.size)
    steps = STEP * np.eye(at.size)
    weights = work.to_tensor(np.concatenate([at + steps, at - steps]))
    field = work.to_numpy(program.field(tensors(work, many), weights, tensors(work, numbers)))
    squares = 0.5 * (field**2).sum(1)
    moved = [work.to_numpy(after[who]["weights"])[LANE] for who in "dg"]
    return {
        "moved": np.concatenate(moved) - at,
        "field": field.mean(0),
        "differences": (squares[: at.size] - squares[at.size :]) / (2 * STEP),
    }


def alike(work: Framework) -> Values:
    """Losses and slopes of a game, and of teams in which all members are its players."""
    found = {}
    one = small({})
    state, noise = inputs(one)
    for name, game in (("one", one), ("team", small(TEAMS))):
        for who in "dg":
            both = {
                k: {"weights": np.tile(state[k]["weights"], 2 if name == "team" else 1)}
                for k in "dg"
            }
            program = GameProgram(game, work.tools)
            batch = (program.d_batch if who == "d" else program.g_batch)(tensors(work, noise), 0)
            lost = loss_and_gradient(program, who, tensors(work, both), batch)
            found |= {f"{name}/{who}_{k}": work.to_numpy(v) for k, v in lost.items()}
    return found


def apart(work: Framework) -> Values:
    """Where two pairs of players get to, as teams that are paired one by one, and each alone."""
    each = {"generator.average": 0.5, "discriminator.clip_weights": 0.8}
    one_by_one = {"objective.pairing": [[1.0, 0.0], [0.0, 1.0]]}
    teams, alone = small(each | TEAMS | one_by_one), small(each)
    state, noise = inputs(teams)
    numbers = tensors(work, noise)
    found = {}
    after = GameProgram(teams, work.tools).iterate(tensors(work, state), numbers, 1)
    found |= {f"team/{who}": work.to_numpy(after[who]["weights"]) for who in "dg"}
    found["team/average"] = work.to_numpy(after["g"]["average"])
    for k in range(2):
        halves = [np.split(state[who]["weights"], 2, axis=1)[k] for who in "gd"]
        after = GameProgram(alone, work.tools).iterate(
            tensors(work, alone.initial(*halves)), numbers, 1
        )
        found |= {f"{k}/{who}": work.to_numpy(after[who]["weights"]) for who in "dg"}
        found[f"{k}/average"] = work.to_numpy(after["g"]["average"])
    return found


def clipping(work: Framework) -> Values:
    """A discriminator's slope, and how far it moves where the slope is clipped, [lane, weight]."""
    game = small({"discriminator.clip_gradient": 0.5})
    program = GameProgram(game, work.tools)
    state, noise = inputs(game, lanes=8)
    state["d"]["weights"] *= np.linspace(0.1, 2, 8)[:, None]
    some, batch = tensors(work, state), program.d_batch(tensors(work, noise), 0)
    after = program.update_d(some["d"], some["g"], batch)
    slope = program.losses.d_gradient(some["d"], some["g"], batch)["gradient"]
    moved = work.to_numpy(after["weights"]) - state["d"]["weights"]
    return {"gradient": work.to_numpy(slope), "moved": moved}


def remembered(work: Framework) -> Values:
    """What normed players remember after an iteration, and after one update of each."""
    game = small(GAMES["normed"])
    program = GameProgram(game, work.tools)
    state, noise = inputs(game)
    some, numbers = tensors(work, state), tensors(work, noise)
    after = program.iterate(some, numbers, 1)
    d = loss_and_gradient(program, "d", some, program.d_batch(numbers, 0))["memory"]
    moved = {"g": some["g"], "d": after["d"]}
    g = loss_and_gradient(program, "g", moved, program.g_batch(numbers, 0))["memory"]
    found = {"d_once": d, "g_once": g}
    found |= {f"{who}_after": after[who]["memory"] for who in "dg"}
    return {k: work.to_numpy(v) for k, v in found.items()}
