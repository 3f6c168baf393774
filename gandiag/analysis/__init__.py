"""Recorded series in, findings out; one question a file. NumPy and SciPy, no files, no drawing."""

from __future__ import annotations

from gandiag.analysis.finding import Finding
from gandiag.analysis.stability import success_rate

__all__ = ["Finding", "success_rate"]
