"""§3.5, §A.1, §A.2, Table S1: do pictures that fool one network fool another?"""

from evolution.studies.transfer.study import Transfer

__all__ = ["Transfer"]
