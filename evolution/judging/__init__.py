"""The design of a judging study. Pure: no Django, no torch."""
