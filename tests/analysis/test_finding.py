"""An answer with its evidence: valid when it is made, and never changed."""

from __future__ import annotations

import pytest

from gandiag.analysis.finding import Finding


def test_a_value_outside_its_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="outside its interval"):
        Finding(value=0.9, n=2, sentence="x", interval=(0.1, 0.5))
    assert Finding(value=float("nan"), n=0, sentence="x", interval=(0.1, 0.5)).n == 0


def test_the_evidence_is_copied_and_read_only() -> None:
    evidence = {"seen": 3}
    finding = Finding(value=0.5, n=2, sentence="x", evidence=evidence)
    evidence["seen"] = 4
    assert finding.evidence["seen"] == 3
    with pytest.raises(TypeError):
        finding.evidence["seen"] = 5  # type: ignore[index]
