from django.apps import AppConfig


class EvolutionConfig(AppConfig):
    name = "evolution"
    verbose_name = "Evolution"

    def ready(self) -> None:
        from django.conf import settings

        from classifiers import catalogue
        from classifiers.engines import kept
        from evolution import checks  # noqa: F401  registers the system checks

        catalogue.look_in(settings.NETWORKS_DIR)
        kept.keep_in(settings.DATA_DIR / "converted")
