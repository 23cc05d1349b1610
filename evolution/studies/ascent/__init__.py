"""§3.9 and §E, Fig. 13 and S5 to S9: pictures that climb a network"s gradient, in four styles."""

from evolution.studies.ascent.study import AscentStudy

__all__ = ["AscentStudy"]
