"""Where networks work, as the settings say."""

from django.conf import settings

from classifiers.places import Place


def place(device: str = "cpu") -> Place:
    """A torch device, with the site's weights and the engine that the operator wants."""
    return Place(device, settings.WEIGHTS_DIR, settings.EXACT, settings.ENGINE)
