"""The operator's tables, each model's in the module of its noun."""

from evolution.admin import accounts, names, publications, runs, studies

__all__ = ["accounts", "names", "publications", "runs", "studies"]
