from django.apps import AppConfig


class EvolutionConfig(AppConfig):
    name = "evolution"
    verbose_name = "Evolution"

    def ready(self) -> None:
        from django.conf import settings

        from classifiers import catalogue
        from evolution import checks  # noqa: F401  registers the system checks

        catalogue.look_in(settings.NETWORKS_DIR)
