"""The life of a study: planned, priced, worked off part by part, resumed, ended."""
