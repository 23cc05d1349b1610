"""The operator's tables, each model's in the module of its noun."""

from evolution.admin import accounts, names, publications, runs

__all__ = ["accounts", "names", "publications", "runs"]
