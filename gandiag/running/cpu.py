"""What this machine's processor can compute, read from its flags."""

from __future__ import annotations

from pathlib import Path

FLAGS = ("amx_bf16", "avx512_bf16", "avx_ne_convert", "bf16")
"""With any of them the processor multiplies bfloat16; the last is Arm's."""


def multiplies_bfloat16(path: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether the processor has instructions for bfloat16; False where that is not known.

    Args:
        path: Where Linux lists the processor's flags.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        return False
    lines = [line for line in text.splitlines() if line.lower().startswith(("flags", "features"))]
    words = set(" ".join(lines).split())
    return any(flag in words for flag in FLAGS)
