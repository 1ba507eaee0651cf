"""The directory in which the processes of a part share their counts (prometheus_client's multiprocess mode)."""

import atexit
import os
import shutil
import tempfile

#: Read by prometheus_client when it is imported.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_counts() -> None:
    """Make the directory, for this process and those that it starts; removed when this process ends.

    Call it in a part's main process, before prometheus_client is imported. A directory that the environment names is
    used and kept, so that counts outlive the part.
    """
    given = os.environ.get(VARIABLE)
    if given:
        os.makedirs(given, mode=0o700, exist_ok=True)
        return
    directory = tempfile.mkdtemp(prefix="entente-metrics-")
    os.environ[VARIABLE] = directory
    owner = os.getpid()

    def remove() -> None:
        # Forked processes inherit this handler.
        if os.getpid() == owner:
            shutil.rmtree(directory, ignore_errors=True)

    atexit.register(remove)
