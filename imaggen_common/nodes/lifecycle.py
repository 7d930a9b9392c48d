"""Lifecycle nodes that start by themselves unless somebody manages them."""

from __future__ import annotations

from rcl_interfaces.msg import ParameterDescriptor
from rclpy.lifecycle import LifecycleNode, TransitionCallbackReturn


def declare_autostart(node: LifecycleNode) -> None:
    """Declare the parameter `autostart`."""
    node.declare_parameter(
        "autostart",
        True,
        ParameterDescriptor(
            description="Configure and activate by itself; false: a lifecycle manager does.",
            read_only=True,
        ),
    )


def start_if_wanted(node: LifecycleNode) -> None:
    """Configure and activate the node where its parameter `autostart` says so.

    Raises:
        RuntimeError: when a transition fails; the node has logged why.
    """
    if not node.get_parameter("autostart").value:
        return
    for transition in (node.trigger_configure, node.trigger_activate):
        if transition() != TransitionCallbackReturn.SUCCESS:
            raise RuntimeError(f"the node {node.get_name()} could not be started; see its log")
