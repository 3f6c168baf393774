"""Makes this folder, with the version of gandiag that is to be remembered (see README.md)."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

SETTINGS = {
    "schedule.iterations": 480,
    "schedule.batch": 16,
    "schedule.d_steps": 2,
    "schedule.g_steps": 2,
    "generator.optimizer.learning_rate": 0.05,
    "recording.every": 20,
    "recording.frame_every": 160,
    "recording.samples": 100,
    "recording.batches": 4,
}

DRIVER = """
from gandiag.cli import main
from gandiag.sweeping import conduct
from gandiag.sweeping.plan import grouped
conduct.grouped = lambda store, runs: [
    job.model_copy(update={"checkpoint_every_s": 0.02}) for job in grouped(store, runs)
]
main()
"""


def sweep(seed: int) -> subprocess.Popen[bytes]:
    """Starts the sweep of one seed, which saves at almost every log point."""
    settings = [f"--set={key}={value}" for key, value in SETTINGS.items()]
    options = ["--backend=torch", "--device=cpu", "--mode=eager", "--no-report", "--out=sweep"]
    command = [sys.executable, "-c", DRIVER, "sweep", "devnag-1d", f"--seeds={seed}-{seed}"]
    return subprocess.Popen([*command, *options, *settings], cwd=HERE)


def interrupted_in_the_middle() -> None:
    """Interrupts seed 1 when half of its log points are recorded."""
    process = sweep(1)
    while process.poll() is None:
        for journal in HERE.glob("sweep/torch-0001-*/metrics.jsonl"):
            if journal.read_bytes().count(b"\n") >= 13:
                process.send_signal(signal.SIGINT)
                process.wait()
        time.sleep(0.01)


LOOP = """
import os
import sys
import numpy as np
import gandiag

first, last, existing = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
real = np.random.default_rng(0).normal(4, 1.25, 300)
run = gandiag.Monitor("loop", real=real, every=20, iterations=480, existing=existing)
for step in range(first, last):
    d_loss, g_loss, d_accuracy = np.random.default_rng([0, step]).normal((1.4, 0.7, 0.5), 0.02)
    run.log(step, d_loss=d_loss, g_loss=g_loss, d_accuracy=d_accuracy, d_updates=1, g_updates=1)
    if run.wants_samples(step):
        fake = np.random.default_rng(step).normal(4 - 2 / (1 + step / 40), 1.25, 100)
        run.log_samples(step, fake=fake)
if last < 480:
    os._exit(1)  # as if it were killed
run.close()
"""


def loop(first: int, last: int, existing: str) -> None:
    """Records some steps of a loop whose fake samples approach the real ones."""
    command = [sys.executable, "-c", LOOP, str(first), str(last), existing]
    subprocess.run(command, cwd=HERE)


def analysis(store: str) -> dict[str, Any]:
    """What ``analyze --json`` prints, without its sentences and what is not about single runs."""
    command = [sys.executable, "-m", "gandiag", "analyze", store, "--json"]
    done = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True)
    told = json.loads(done.stdout)
    columns = ("run", "seed", "status", "verdict", "onset")
    runs = [{name: run[name] for name in columns} for run in told["runs"]]
    episodes = [
        {name: value for name, value in episode.items() if name != "sentence"}
        for episode in told["episodes"]
    ]
    return {"runs": runs, "episodes": episodes}


def processor() -> str:
    """The processor's maker and the instructions that PyTorch uses on it."""
    import torch

    (maker,) = set(re.findall(r"vendor_id\s*: (.*)", Path("/proc/cpuinfo").read_text()))
    return f"{maker} {torch.backends.cpu.get_cpu_capability()}"


def tidy(store: str) -> None:
    """Removes what says more of the machine than of the store."""
    shutil.rmtree(HERE / store / "logs", ignore_errors=True)
    for path in [*HERE.glob(f"{store}/**/.*")]:
        path.unlink()
    for path in HERE.glob(f"{store}/*/manifest.json"):
        manifest = json.loads(path.read_text())
        manifest["platform"]["system"] = "Linux"
        path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")


def main() -> None:
    """Makes both stores, and what the version makes of them."""
    sweep(0).wait()
    interrupted_in_the_middle()
    loop(0, 240, "refuse")
    expected: dict[str, Any] = {"processor": processor()}
    for store in ("sweep", "loop"):
        tidy(store)
        expected[store] = analysis(store)
        shutil.copytree(HERE / store, HERE / "before" / store)
    sweep(1).wait()
    loop(240, 480, "continue")
    for store in ("sweep", "loop"):
        expected[f"{store} resumed"] = analysis(store)
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    for store, run in (("sweep", "torch-0001-*"), ("loop", "loop-0000-*")):
        (journal,) = HERE.glob(f"{store}/{run}/metrics.jsonl")
        shutil.copy(journal, HERE / f"{store}-resumed.jsonl")
        shutil.rmtree(HERE / store)
        shutil.move(HERE / "before" / store, HERE)
    (HERE / "before").rmdir()


if __name__ == "__main__":
    main()
