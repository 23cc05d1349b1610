"""Breeding by hand: a brood from chosen parents, or from nothing."""

from evolution.algorithms.breeding.broods import lone_brood, next_brood
from evolution.algorithms.breeding.first import first_brood
from evolution.algorithms.breeding.packing import pack, unpack
from evolution.algorithms.breeding.places import Bred, Child
from evolution.algorithms.breeding.settings import BreedingSettings

__all__ = [
    "Bred",
    "BreedingSettings",
    "Child",
    "first_brood",
    "lone_brood",
    "next_brood",
    "pack",
    "unpack",
]
