"""The document tree and the run's tables as files of other programs: Word, Excel, GIS, CSV."""
