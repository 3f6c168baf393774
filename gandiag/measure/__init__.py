"""From what an engine saw to what is recorded: one row of named numbers a lane.

The row is the only bridge between training and diagnosis.
"""

from __future__ import annotations

from gandiag.measure.lanes import Row
from gandiag.measure.naming import columns_of, notes
from gandiag.measure.rows import measure

__all__ = ["Row", "columns_of", "measure", "notes"]
