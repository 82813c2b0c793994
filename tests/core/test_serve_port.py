"""A port that somebody listens on is not shared."""

import socket

import pytest

from roder.core.faults import UserFault
from roder.core.serve import require_free


def test_a_busy_port_is_refused_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UserFault, match="Välj en annan med --port"):
            require_free("127.0.0.1", port)


def test_a_free_port_is_accepted_and_left_free() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    require_free("127.0.0.1", port)
    require_free("127.0.0.1", port)
