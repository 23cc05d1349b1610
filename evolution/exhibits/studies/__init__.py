"""Studies of the paper as pages, files and a report show them."""
