from django.apps import AppConfig


class EvolutionConfig(AppConfig):
    name = "evolution"
    verbose_name = "Evolution"

    def ready(self) -> None:
        from evolution import checks  # noqa: F401  registers the system checks
