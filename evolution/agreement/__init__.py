"""How people's answers are compared with what networks claim. Arrays in, numbers out: no Django.

Counts are whole numbers, shares and chances 0 to 1. Each module names the source of its method.
"""
