"""Cells of CSV files as spreadsheets are handed them."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> object:
    """Holes are empty; text that a spreadsheet would take for a formula gets a quote before it."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None or value != value else value
