"""Judging studies: planned, prepared, sat, answered, forgotten."""
