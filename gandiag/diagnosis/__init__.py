"""The analysis put to use: on the rows of a run, while it trains, and on the runs of a store."""
