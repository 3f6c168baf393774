"""Writes the logs of this folder with the tools themselves; run by hand, in its own environment.

    pip install wandb mlflow-skinny pandas && python make.py

Made with wandb 0.31.0 (offline; a row for each history record of its database, as
``run.scan_history()`` gives them) and mlflow-skinny 3.17.2 (file store). `test_real_logs` contains
the losses. Paths and names of the machine are removed.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
STEPS = (0, 10, 20, 30)
D = (1.5, 1.25, 1.125, 1.0625)
G = (0.5, 0.75, float("nan"), float("inf"))


def make_mlflow(folder: Path) -> None:
    os.environ["MLFLOW_ALLOW_FILE_STORE"] = "true"
    import mlflow

    mlflow.set_tracking_uri(f"file://{folder}/mlruns")
    for seed in (0, 1):
        with mlflow.start_run(run_name=f"seed-{seed}"):
            mlflow.log_param("seed", seed)
            for step, d, g in zip(STEPS, D, G, strict=True):
                mlflow.log_metrics({"loss/discriminator": d + seed, "loss/generator": g}, step=step)
    target = HERE / "mlruns"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(folder / "mlruns", target, ignore=shutil.ignore_patterns("tags", ".trash"))
    for path in target.rglob("meta.yaml"):
        text = re.sub(r"(artifact_(location|uri)): .*", r"\1: file:///mlruns", path.read_text())
        path.write_text(re.sub(r"user_id: .*", "user_id: someone", text))


def make_wandb(folder: Path) -> None:
    import pandas as pd
    import wandb
    from wandb.proto import wandb_internal_pb2

    run = wandb.init(project="gan", mode="offline", dir=str(folder))
    for step, d, g in zip(STEPS, D, G, strict=True):
        other = {"note": "a word", "d_weights": wandb.Histogram([1, 2], num_bins=2)}
        run.log({"d_loss": d, "g_loss": g} | other, step)
    run.finish()
    rows = []
    for data in records(next(folder.rglob("*.wandb")).read_bytes()):
        record = wandb_internal_pb2.Record()
        record.ParseFromString(data)
        if record.WhichOneof("record_type") == "history":
            items = record.history.item
            row: dict[str, Any] = {}
            for item in items:
                *above, name = [item.key] if item.key else item.nested_key
                (row.setdefault(above[0], {}) if above else row)[name] = json.loads(item.value_json)
            rows.append(row)
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (HERE / "wandb-history.jsonl").write_text(lines)
    frame = pd.DataFrame(rows).drop(columns=["d_weights"])
    frame.to_csv(HERE / "wandb-history.csv")


def records(data: bytes) -> Iterator[bytes]:
    """The records of W&B's database: a header of seven bytes, then a log like LevelDB's."""
    place, record = 7, b""
    while place + 7 <= len(data):
        left = 32768 - place % 32768
        if left < 7:
            place += left
            continue
        size, kind = struct.unpack("<HB", data[place + 4 : place + 7])
        record += data[place + 7 : place + 7 + size]
        place += 7 + size
        if kind in (1, 4):  # whole, or the last part
            yield record
            record = b""


if __name__ == "__main__":
    os.environ["WANDB_SILENT"] = "true"
    with tempfile.TemporaryDirectory() as place:
        make_mlflow(Path(place))
        make_wandb(Path(place))
