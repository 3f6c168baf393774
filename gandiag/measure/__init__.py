"""Measures generated samples: from samples and what is known of the data to recorded numbers.

The numbers depend on the real samples, the generated ones and what is known of the data, and on
nothing else: a sweep and a monitor record the same. The diagnosis sees a training only through
these rows.
"""

from __future__ import annotations

from gandiag.measure.estimates import Row
from gandiag.measure.rows import columns_of, measure, notes

__all__ = ["Row", "columns_of", "measure", "notes"]
