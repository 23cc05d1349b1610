from tests.study_factories import sampler

__all__ = ["sampler"]
