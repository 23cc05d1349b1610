"""What studies measure of pictures and their descent. Arrays in, numbers out: no Django.

docs/measures.md tells each method and its limits.
"""
