"""Settings that every test shares: examples are the same on every run and machine."""

from hypothesis import settings

settings.register_profile("clausecheck", deadline=None, derandomize=True)
settings.load_profile("clausecheck")
