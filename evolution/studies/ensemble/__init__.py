"""§B: pictures that fool the mean of three networks."""

from evolution.studies.ensemble.study import EnsembleStudy

__all__ = ["EnsembleStudy"]
