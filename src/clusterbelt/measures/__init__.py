"""Labelled measures over the kernels: exact alignment, units, missing-data policy, registration."""
