"""What is not running is named in the result, with its own error code."""

from __future__ import annotations

import numpy as np
import pytest
from system.graph import CHAIN, Graph

from imaggen_interfaces.action import PerformUtterance
from imaggen_perception.nodes.perception_node import PerceptionNode
from imaggen_simulation.nodes.simulated_robot_node import SimulatedRobotNode

pytestmark = [pytest.mark.ros, pytest.mark.system]

Result = PerformUtterance.Result


def test_no_robot():
    graph = Graph(nodes=CHAIN)
    try:
        result = graph.perform("The ball is round.")
    finally:
        graph.close()
    assert result.error_code == Result.NO_ROBOT_STATE
    assert "robot_description" in result.error_msg


def test_no_perception():
    others = [factory for factory in CHAIN if factory is not PerceptionNode]
    graph = Graph(nodes=(*others, SimulatedRobotNode), parameters=("stage_timeout:=0.5",))
    try:
        graph.wait_for_robot()
        result = graph.perform("The ball is round.", np.full((100, 100, 3), 200, np.uint8))
    finally:
        graph.close()
    assert result.error_code == Result.STAGE_TIMEOUT
    assert "perception" in result.error_msg
