"""The mathematics: numpy arrays in, numpy arrays out, one file a family."""
