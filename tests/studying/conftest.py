from tests.studying.sums import sums

__all__ = ["sums"]
