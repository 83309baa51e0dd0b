"""clusterbelt: plan advanced-manufacturing clusters for an economic belt."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("clusterbelt")
