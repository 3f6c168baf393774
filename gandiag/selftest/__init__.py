"""How often the diagnosis errs: runs whose truth is known, simulated, diagnosed and counted."""
