"""Tables of any tool: the column of steps, the values, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.errors import UsageError
from gandiag.exchange.tables import read


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def values(path: Path, step: str | None = None) -> list[list[tuple[int, str, float]]]:
    return [[point[:3] for point in log.points] for log in read(path, step)]


def test_a_plain_table(tmp_path: Path) -> None:
    path = written(tmp_path, "step,d_loss,note,g_loss\n0,1.5,a,\n10,1e-3,b,-2\n\n")
    assert values(path) == [[(0, "d_loss", 1.5), (10, "d_loss", 0.001), (10, "g_loss", -2.0)]]


@pytest.mark.parametrize(
    "name", ["step", "Step", "_step", "global_step", "Iteration", "iter", "epoch"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_column_of_steps_and_the_delimiter_are_recognised(
    name: str, delimiter: str, tmp_path: Path
) -> None:
    path = written(tmp_path, f"\ufeffd_loss{delimiter}{name}\n1.5{delimiter}3.0\n")
    assert values(path) == [[(3, "d_loss", 1.5)]]


def test_step_is_preferred_to_epoch_unless_another_column_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, "epoch,step,d_loss\n1,250,2\n")
    assert values(path) == [[(250, "epoch", 1.0), (250, "d_loss", 2.0)]]
    assert values(path, "epoch") == [[(1, "step", 250.0), (1, "d_loss", 2.0)]]


def test_nan_is_a_value_and_an_empty_cell_is_not(tmp_path: Path) -> None:
    (points,) = values(written(tmp_path, "step,d_loss\n0,nan\n1,\n2,-Infinity\n3,NaN\n"))
    assert [step for step, _, _ in points] == [0, 2, 3]
    lines = '{"step": 0, "d": NaN}\n{"step": 1, "d": "NaN"}\n{"step": 2, "d": "Infinity"}\n'
    (points,) = values(written(tmp_path, lines, "log.jsonl"))
    assert [str(value) for _, _, value in points] == ["nan", "nan", "inf"]


def test_only_the_numbers_of_json_lines_are_values(tmp_path: Path) -> None:
    text = '{"_step": 1, "d": 2, "image": {"_type": "x"}, "ok": true, "none": null, "word": "a"}\n'
    (log,) = read(written(tmp_path, text, "log.ndjson"))
    assert [point[:3] for point in log.points] == [(1, "d", 2.0)]
    assert log.kind == "wandb"


def test_a_column_of_runs_gives_a_log_for_each(tmp_path: Path) -> None:
    path = written(tmp_path, "run,step,d_loss\na,0,1\nb,0,2\na,1,3\n")
    assert values(path) == [[(0, "d_loss", 1.0), (1, "d_loss", 3.0)], [(0, "d_loss", 2.0)]]


def test_mlflows_export_of_a_chart_has_a_line_for_each_value(tmp_path: Path) -> None:
    text = (
        "Run,Run ID,metric,step,timestamp,value\n"
        "owl,1a,d_loss,0,1700000000000,1.5\nowl,1a,d_loss,1,1700000000500,NaN\n"
        "fox,2b,d_loss,0,1700000000000,2.5\n"
    )
    owl, fox = read(written(tmp_path, text))
    assert (owl.kind, [point.time for point in owl.points]) == ("mlflow", [1.7e9, 1.7e9 + 0.5])
    assert [(point.step, point.tag, point.value) for point in fox.points] == [(0, "d_loss", 2.5)]
    assert owl.source.endswith("log.csv, run 1a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "contains no values"),
        ("step,d_loss\n", "contains no values"),
        ("d_loss,g_loss\n1,2\n", "no column called step, iteration or epoch; name the one"),
        ("step,d_loss\n0,1\n1,2,3\n", "line 3: 3 cells where the first line has 2"),
        ("step,d_loss\n0,1\nx,2\n", "line 3: 'x' in column 'step' is not the number of a step"),
        ("step,d_loss\n0.5,1\n", "'0.5' in column 'step' is not the number of a step"),
        ("step,d_loss\n-1,1\n", "'-1' in column 'step'"),
        ("step,d_loss\ninf,1\n", "'inf' in column 'step'"),
        ("step,d_loss\n,1\n", "line 2: '' in column 'step'"),
        ("step,d_loss\n0,1\n1,oops\n", "line 3: 'oops' in column 'd_loss' is not a number"),
        ("step,note\n0,a\n", "contains no numbers besides 'step'"),
        ('step,d_loss\n0,"1\n', "line 2: unexpected end of data"),
    ],
)
def test_an_invalid_table_is_refused_with_the_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read(written(tmp_path, text))
    assert said in str(error.value)
    assert "log.csv" in str(error.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"step": 0, "d": 1}\n{"step": 1', "line 2: not JSON"),
        ("[1, 2]\n", "line 1: not an object, but list"),
        ('{"step": true, "d": 1}\n', "True in column 'step'"),
    ],
)
def test_invalid_json_lines_are_refused_with_the_line(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read(written(tmp_path, text, "log.jsonl"))
    assert said in str(error.value)


def test_a_named_column_of_steps_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no column 'stpe'; did you mean 'step'"):
        read(written(tmp_path, "step,d\n0,1\n"), "stpe")


def test_a_binary_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(b"step,d\n\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"cannot read .*log\.csv"):
        read(path)
