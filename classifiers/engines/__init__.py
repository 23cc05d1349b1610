"""What runs networks: one module an engine, and the choice among them."""
