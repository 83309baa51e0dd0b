"""The parts of ``tools/build_yangtze.py``: from the statistical source files to the dataset."""
