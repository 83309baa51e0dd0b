"""The chapters: each a function from a run to a chapter of the document tree."""
