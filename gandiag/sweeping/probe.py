"""Lists the devices of a framework, in a separate process: one framework per process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from gandiag.errors import UsageError, must_be_one_of
from gandiag.plugins import runner
from gandiag.running.runner import Runner
from gandiag.sweeping.supervisor import worker_environment


def main(backend: str) -> None:
    """Prints the devices of a backend as JSON."""
    print(json.dumps(runner(backend).devices()))


def devices(backend: str) -> list[str]:
    """The devices that a backend's framework finds, listed in a separate process.

    Raises:
        UsageError: The framework cannot be imported.
    """
    code = f"from gandiag.sweeping.probe import main; main({backend!r})"
    process = subprocess.run(
        [sys.executable, "-P", "-c", code],
        capture_output=True,
        text=True,
        env=worker_environment(backend),
    )
    if process.returncode:
        last = (process.stderr.strip().splitlines() or ["no message"])[-1]
        raise UsageError(f"the framework of {backend!r} cannot be imported: {last}")
    found: list[str] = json.loads(process.stdout.strip().splitlines()[-1])
    return found


def has_gpu_driver() -> bool:
    """Whether the machine could have a GPU at all; without one, no slow process is started."""
    return any(Path(path).exists() for path in ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd"))


def choose_device(backend: Runner, asked: str) -> str:
    """The device that a user asks for.

    Args:
        backend: The runner.
        asked: ``"auto"``, ``"cpu"``, ``"cuda"``, ``"gpu"``, or one of the last two with a number.

    Raises:
        UsageError: There is no such device.
    """
    if asked == "cpu" or (asked == "auto" and not has_gpu_driver()):
        return "cpu"
    kind, _, number = asked.partition(":")
    if (asked != "auto" and kind not in ("cuda", "gpu")) or (number and not number.isdecimal()):
        legal = ["auto", "cpu", "cuda", "cuda:1", "gpu:0"]
        raise UsageError(must_be_one_of("device", asked, legal))
    found = devices(backend.name)
    gpus = [name for name in found if name != "cpu"]
    if asked == "auto":
        return gpus[0] if gpus else "cpu"
    if int(number or 0) >= len(gpus):
        raise UsageError(
            f"there is no device {asked!r} for {backend.name}, which finds {', '.join(found)}; "
            "choose one of these with --device"
        )
    return gpus[int(number or 0)]
