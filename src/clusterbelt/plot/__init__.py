"""Figures: a result in, a chart specification out."""
