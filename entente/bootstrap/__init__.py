"""Settings, logging, the composition root that wires adapters to services, and the embedded stack."""

import gc

# Every process of Entente begins by importing this package. What it loads then stays, and Python's default of 700 new
# objects between two looks for garbage takes a fifth of the processor time of a start.
gc.set_threshold(50_000)
