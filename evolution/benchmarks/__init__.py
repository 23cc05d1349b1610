"""How fast the parts and the whole of a run are, beside others' code and the bounds of the core."""
