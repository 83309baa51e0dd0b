"""The study file: validated, frozen, documented."""
