"""Errors, units, strings, registry of measures. Standard library only."""
