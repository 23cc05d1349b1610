"""§3.4, Fig. 10: are networks less sure of a picture from which repeated elements were removed?"""

from evolution.studies.ablation.study import Ablation

__all__ = ["Ablation"]
