"""The operator's tables, each model's in the module of its noun."""

from evolution.admin import publications, runs

__all__ = ["publications", "runs"]
