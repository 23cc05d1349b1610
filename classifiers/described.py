"""What a loaded classifier tells of itself: what its entry of the catalogue says."""

from classifiers.entries import AnyEntry


class Described:
    """The half of the Classifier protocol that is known before a network is loaded."""

    def __init__(self, entry: AnyEntry) -> None:
        self._described_by = entry

    @property
    def name(self) -> str:
        return self._described_by.name

    @property
    def version(self) -> str:
        return self._described_by.version

    @property
    def labels(self) -> tuple[str, ...]:
        return self._described_by.labels

    @property
    def channels(self) -> int:
        return self._described_by.channels
