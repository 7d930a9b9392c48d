"""How nodes are run: alone in a process, or many in one with a thread each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import rclpy
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile

# For what later subscribers must get too: descriptions, scenes, plans.
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def run_node(factory: Callable[[], Node], refusals: tuple[type[Exception], ...] = ()) -> None:
    """Make a node and run it until the process is told to stop.

    Args:
        factory: makes the node.
        refusals: errors of the factory that end the process with their sentence and code 1.
    """
    rclpy.init()
    node: Any = None
    try:
        node = factory()
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except refusals as error:
        print(error, flush=True)
        raise SystemExit(1) from None
    finally:
        if node is not None:
            node.destroy_node()
        rclpy.try_shutdown()


class NodeThreads:
    """Nodes of one process, each with an executor and a thread of its own.

    rclpy's MultiThreadedExecutor re-submits waiting callbacks and starves itself (rclpy issue
    1452). The events executor wakes only for what is ready and costs a fifth of the others; its
    spin() is a busy loop in rclpy 9.1, so it is turned one turn at a time.
    """

    TURN_S = 0.2

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._threads: list[threading.Thread] = []
        self._closing = threading.Event()

    def spin(self, node: Node) -> None:
        """Run a node in a new thread, until `close`."""
        executor = _quick_executor()
        executor.add_node(node)

        def run() -> None:
            try:
                while not self._closing.is_set() and rclpy.ok():
                    executor.spin_once(timeout_sec=self.TURN_S)
            except ExternalShutdownException:
                pass
            executor.shutdown()

        thread = threading.Thread(target=run, name=node.get_name())
        self.nodes.append(node)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Stop all threads, then destroy the nodes."""
        self._closing.set()
        for thread in self._threads:
            thread.join()
        for node in self.nodes:
            node.destroy_node()


def _quick_executor() -> Any:
    """The events executor where this rclpy has it (Kilted), else the single-threaded one."""
    try:
        from rclpy.experimental.events_executor import EventsExecutor
    except ImportError:
        return SingleThreadedExecutor()
    return EventsExecutor()
