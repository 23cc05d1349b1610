"""§3.3 and §3.4, Fig. 1, 6, 7 and 8: a thousand classes, directly encoded and drawn by CPPNs."""

from evolution.studies.imagenet.study import ImagenetCppn, ImagenetDirect

__all__ = ["ImagenetCppn", "ImagenetDirect"]
