"""What the paper says of retraining: Table S2, and §3.8 with §C.2. All shares are 0 to 1."""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """A network of Table S2. validation: its error with fooling pictures; digits: without."""

    validation: float
    digits: float
    train: int
    validated: int
    median: float


TABLE_S2: Final = (
    Row(0.0094, 0.0094, 60_000, 10_000, 0.9999),
    Row(0.0102, 0.0087, 66_000, 11_000, 0.9742),
    Row(0.0092, 0.0087, 67_000, 11_100, 0.9983),
    Row(0.0089, 0.0083, 68_000, 11_200, 0.7252),
    Row(0.0090, 0.0096, 69_000, 11_300, 0.9755),
    Row(0.0089, 0.0099, 70_000, 11_400, 0.9968),
    Row(0.0086, 0.0098, 71_000, 11_500, 0.7613),
    Row(0.0091, 0.0101, 72_000, 11_600, 0.9996),
    Row(0.0090, 0.0086, 73_000, 11_700, 0.9951),
    Row(0.0084, 0.0094, 74_000, 11_800, 0.9948),
    Row(0.0080, 0.0093, 75_000, 11_900, 0.9862),
    Row(0.0082, 0.0098, 76_000, 12_000, 0.9997),
    Row(0.0075, 0.0090, 77_000, 12_100, 0.9993),
    Row(0.0080, 0.0096, 78_000, 12_200, 0.9915),
    Row(0.0079, 0.0095, 79_000, 12_300, 0.9915),
)
IMAGENET_BEFORE, IMAGENET_AFTER = 0.881, 0.117  # median confidences, Fig. 12
HUMAN_BRED, HUMAN_BRED_FOOLING = 70, 45  # pictures of Picbreeder
