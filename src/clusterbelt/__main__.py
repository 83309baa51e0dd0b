"""``python -m clusterbelt``: the command line."""

from clusterbelt.cli.main import main

__all__: list[str] = []

if __name__ == "__main__":
    main()
