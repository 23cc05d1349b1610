"""The measures behind studies."""
