"""The version of gandiag."""

__version__ = "0.1.0"
