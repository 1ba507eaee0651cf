"""Redis keys of the cache, and their TTLs.

Under a prefix (`entente` by default):

    {generations}:current             name of the generation that is read; missing means the first
    {generations}:building            name of the generation that a rebuild is filling
    GENERATION:{AFG:RUS}:RUS>AFG      hash of one directed record: version, day, body
    {parts}:worker                    exists while a process of that part shows signs of life

The braces are Redis Cluster's hash tag: both directions of a dyad are on one node. The day is in the value, not in the
key, so a record of another day replaces this one, and no outdated record of an earlier day remains.
"""

#: Seconds. A record is valid for one UTC day; the rest allows for differing clocks.
RECORD_TTL = 36 * 3600

#: Seconds after which writers stop writing to the generation of a rebuild that died.
BUILDING_TTL = 24 * 3600

#: Seconds for which a part counts as running after a sign of life. They come every two seconds.
HEARTBEAT_TTL = 10

FIRST_GENERATION = "0"


class Keys:
    """The keys under one prefix."""

    def __init__(self, prefix: str) -> None:
        self.current = f"{prefix}:{{generations}}:current"
        self.building = f"{prefix}:{{generations}}:building"
        self._prefix = prefix

    def record(self, generation: str, source: str, target: str) -> str:
        """Key of the record of source → target in a generation."""
        first, second = sorted((source, target))
        return f"{self._prefix}:{generation}:{{{first}:{second}}}:{source}>{target}"

    def heartbeat(self, part: str) -> str:
        """Key of a part's last sign of life."""
        return f"{self._prefix}:{{parts}}:{part}"

    def records(self, generation: str) -> str:
        """SCAN pattern of all records of a generation."""
        return f"{self._prefix}:{generation}:*"
