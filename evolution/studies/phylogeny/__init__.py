"""§3.4, Fig. 9: do related classes hold related pictures?"""

from evolution.studies.phylogeny.study import Parameters, Phylogeny

__all__ = ["Parameters", "Phylogeny"]
