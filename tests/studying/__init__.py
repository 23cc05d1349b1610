"""How studies are planned, worked off, resumed and ended."""
