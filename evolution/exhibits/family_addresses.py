"""Addresses of thousands of pictures: reversing them one by one takes a quarter of a second."""

import functools

from django.urls import reverse

from evolution.exhibits.families import Member

NUMBER = 987654321  # stands for any, and is no side of a picture


def page_of(individual_id: int) -> str:
    return _pattern("individual").replace(str(NUMBER), str(individual_id))


def picture_of(member: Member) -> str:
    return address_of(member.individual_id, member.side)


def address_of(individual_id: int, side: int) -> str:
    """Of a picture of so many pixels a side."""
    return _pattern("picture", side, "webp").replace(str(NUMBER), str(individual_id))


@functools.cache
def _pattern(name: str, *rest: int | str) -> str:
    return reverse(name, args=[NUMBER, *rest])
