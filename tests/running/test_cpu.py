"""What the processor says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from gandiag.running.cpu import multiplies_bfloat16


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse avx512_bf16 avx2\n", True),
        ("flags\t\t: fpu amx_tile amx_bf16\n", True),
        ("Features\t: fp asimd bf16 i8mm\n", True),
        ("flags\t\t: fpu sse avx2 avx512f\n", False),
        ("model name\t: avx512_bf16\nflags\t\t: fpu\n", False),
    ],
)
def test_bfloat16_is_read_off_the_flags(text: str, expected: bool, tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text(text)
    assert multiplies_bfloat16(told) is expected


def test_a_processor_without_flags_has_no_bfloat16(tmp_path: Path) -> None:
    assert not multiplies_bfloat16(tmp_path / "absent")
