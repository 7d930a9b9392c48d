"""Isolation of the tests that use ROS; runs before anything imports rclpy."""

import os
import sys
from collections.abc import Iterator

import pytest

# A DDS domain for each xdist worker and, by the process id, for each run of the tests. The first
# process sets the base, its workers inherit it. `imaggen say` claims the domains from 40 on.
_base = os.environ.setdefault(
    "IMAGGEN_TEST_DOMAIN", os.environ.get("ROS_DOMAIN_ID") or str(1 + os.getpid() % 36)
)
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
os.environ["ROS_DOMAIN_ID"] = str(int(_base) + _worker)
os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
# Fast DDS breaks the locks of its shared memory after 2 s, which on a busy machine with many nodes
# that start at once now and then leaves one of them waiting for ever (Fast-DDS issue 6117,
# rmw_fastrtps issue 908). Nothing here is large enough to need it.
os.environ.setdefault("FASTDDS_BUILTIN_TRANSPORTS", "UDPv4")
os.environ.setdefault("AMENT_PREFIX_PATH", sys.prefix)


@pytest.fixture
def ros() -> Iterator[None]:
    """A fresh default context of rclpy for one test."""
    rclpy = pytest.importorskip("rclpy")
    rclpy.init()
    yield
    rclpy.try_shutdown()
