"""Runs to disk and back: plain directories, one a run."""
