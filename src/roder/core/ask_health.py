"""``python -m roder.core.ask_health``: whether the web of this machine is well, for a container's own check.

Asks ``/halsa/`` under the first name that the web answers to (``RODER_HOSTS``), since any other name is refused. Only
the standard library: it is run twice a minute.
"""

from __future__ import annotations

import http.client
import os
import sys

PORT, WAIT = 8000, 8  # seconds


def well(port: int = PORT, wait: float = WAIT) -> bool:
    """Whether the web on this port answers that it and its database are there."""
    host = os.environ.get("RODER_HOSTS", "localhost").split(",")[0] or "localhost"
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=wait)
    try:
        asking.request("GET", "/halsa/", headers={"Host": host.replace("*", "localhost").lstrip(".")})
        return asking.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asking.close()


def main() -> int:
    """0 when the web is well, otherwise 1. The port may be given."""
    return 0 if well(int(sys.argv[1]) if len(sys.argv) > 1 else PORT) else 1


if __name__ == "__main__":
    raise SystemExit(main())
