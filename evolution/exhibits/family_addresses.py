"""Addresses of thousands of pictures: reversing them one by one takes a quarter of a second."""

import functools

from django.urls import reverse

from evolution.exhibits.families import Member

NUMBER = 987654321  # stands for any, and is no side of a picture


def page_of(individual_id: int) -> str:
    return _pattern("individual").replace(str(NUMBER), str(individual_id))


def picture_of(member: Member) -> str:
    return _pattern("picture", member.side, "webp").replace(str(NUMBER), str(member.individual_id))


@functools.cache
def _pattern(name: str, *rest: int | str) -> str:
    return reverse(name, args=[NUMBER, *rest])
