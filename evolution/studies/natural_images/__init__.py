"""§F: how sure networks are of photographs and digits, beside what fools them."""

from evolution.studies.natural_images.study import NaturalImages

__all__ = ["NaturalImages"]
