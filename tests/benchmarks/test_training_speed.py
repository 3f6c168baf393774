"""Updates per second and seed against a plain eager loop, one core a side, draws included."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import pytest

pytestmark = [pytest.mark.benchmark, pytest.mark.framework, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("backend", "mode", "bound"),
    [("tensorflow", "xla", 14), ("torch", "inductor", 12), ("torch", "eager", 6)],
)
def test_ten_and_a_hundred_seeds_beat_a_plain_loop(
    backend: str,
    mode: str,
    bound: int,
    by_turns: Callable[..., list[float]],
    report: Callable[[str, float, str], None],
) -> None:
    for framework in ("torch", backend):
        if find_spec(framework) is None:
            pytest.skip(f"{framework} is not installed")
    plain, ten, hundred = by_turns(
        backend,
        ("plain_loop.py",),
        ("engine_loop.py", backend, mode, "10"),
        ("engine_loop.py", backend, mode, "100"),
    )
    report(f"{backend} {mode}, 10 seeds: times the plain loop", plain / ten, f"at least {bound}")
    report(f"{backend} {mode}, 100 seeds: times the plain loop", plain / hundred, "not less")
    report("  the plain loop, µs an update and seed", plain * 1e6, "for orientation")
    assert plain / ten >= bound
    # Not less at a hundred seeds, but for the noise of a median of five.
    assert hundred <= 1.15 * ten
