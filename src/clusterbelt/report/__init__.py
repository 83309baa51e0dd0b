"""The report: document tree, chapters, renderers. Drawn from the run folder alone."""
