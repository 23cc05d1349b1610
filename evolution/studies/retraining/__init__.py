"""§3.6 to 3.8 and §C: networks that learn to label what fooled the ones before as "fooling"."""

from evolution.studies.retraining.digits import Retraining
from evolution.studies.retraining.photographs import RetrainingImagenet

__all__ = ["Retraining", "RetrainingImagenet"]
