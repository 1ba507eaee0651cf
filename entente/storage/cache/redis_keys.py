"""Every Redis key of the cache, and how long it lives.

Under a prefix (`entente` unless set otherwise):

    {generations}:current             name of the generation that readers see; none means the first
    {generations}:building            name of the one that a rebuild is filling, while it does
    GENERATION:{AFG:RUS}:RUS>AFG      hash of one directed record: version, day, body

The braces are Redis Cluster's hash tag: both directions of a dyad live on one node. The day is in the value, not in
the name: a record of another day replaces this one, so that an outdated record of an earlier day can't outlive it.
"""

#: Seconds. A record serves one UTC day; the rest is for readers whose clocks differ.
RECORD_TTL = 36 * 3600

#: Seconds after which a rebuild that died no longer makes writers write twice.
BUILDING_TTL = 24 * 3600

FIRST_GENERATION = "0"


class Keys:
    """Names of keys under one prefix."""

    def __init__(self, prefix: str) -> None:
        self.current = f"{prefix}:{{generations}}:current"
        self.building = f"{prefix}:{{generations}}:building"
        self._prefix = prefix

    def record(self, generation: str, source: str, target: str) -> str:
        """The record of source→target in a generation."""
        first, second = sorted((source, target))
        return f"{self._prefix}:{generation}:{{{first}:{second}}}:{source}>{target}"

    def records(self, generation: str) -> str:
        """A SCAN pattern of every record of a generation."""
        return f"{self._prefix}:{generation}:*"
