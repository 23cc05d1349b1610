"""How fast the parts and the whole of a run are, beside what others would write and what the core could do."""
