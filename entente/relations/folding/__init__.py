"""The fold: a dyad (dyad.py) and one facet of a direction (facet.py).

Values follow each other in two ways: the latest holds (latest.py), or the highest does (highest.py). Both are made of
runs (runs.py). refold.py takes up a facet from a checkpoint.
"""
