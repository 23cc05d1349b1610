"""§2.2: aiming at one class at a time instead of all, for as many pictures shown to the network."""

from evolution.studies.single_targets.study import SingleTargets

__all__ = ["SingleTargets"]
