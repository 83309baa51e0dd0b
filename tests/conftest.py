"""Shared by all tests."""

from hypothesis import settings

# One fixed set of examples per test, so that a red run is red again on the next machine.
settings.register_profile("house", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("house")
