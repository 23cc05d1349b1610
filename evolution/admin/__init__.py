"""The operator's tables, each model's in the module of its noun."""

from evolution.admin import accounts, publications, runs

__all__ = ["accounts", "publications", "runs"]
