"""A ROS domain of one's own, so that `imaggen say` never reaches a robot that happens to run."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path
from typing import IO

from imaggen_cli.errors import CommandError

# Up to 101, DDS ports stay below Linux's range for outgoing connections (REP-less ROS 2 advice);
# 0 is everybody's default and the low numbers are what labs assign by hand.
_DOMAINS = range(40, 101)


class PrivateDomain:
    """Claims an unused domain id of this machine until it is released."""

    def __init__(self) -> None:
        self._lock: IO[str] | None = None

    def claim(self) -> int:
        """The claimed id; sets ROS_DOMAIN_ID and keeps discovery on this machine.

        Raises:
            CommandError: when every id is taken.
        """
        for domain in _DOMAINS:
            path = Path(tempfile.gettempdir()) / f"imaggen-domain-{domain}.lock"
            try:
                lock = path.open("w")
            except OSError:
                continue  # another user's
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.close()
                continue
            self._lock = lock
            os.environ["ROS_DOMAIN_ID"] = str(domain)
            os.environ["ROS_AUTOMATIC_DISCOVERY_RANGE"] = "LOCALHOST"
            return domain
        raise CommandError(
            f"all {len(_DOMAINS)} private ROS domains are in use; end some `imaggen say` first"
        )

    def release(self) -> None:
        """Give the id back."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
