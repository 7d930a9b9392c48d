"""`imaggen run` as a user starts and stops it, and `imaggen say --live` beside a running robot."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import rclpy
from rclpy.action import ActionClient
from rclpy.node import Node

from imaggen_common.nodes.running import NodeThreads
from imaggen_interfaces.action import PerformUtterance
from imaggen_motion.nodes.controller_client import wait_for

pytestmark = [pytest.mark.system, pytest.mark.ros, pytest.mark.timeout(180)]

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
READY_S, ANSWER_S = 40.0, 5.0


def own_domain(domain: int) -> dict[str, str]:
    """The environment with a ROS domain that no other test uses."""
    return {**os.environ, "ROS_DOMAIN_ID": str(domain)}


def start(*arguments: str, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", *arguments],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=30)
    return process.returncode, output


def is_up(action: ActionClient, graph: subprocess.Popen[str]) -> bool:
    """Wait for the graph's action, unless the graph ends before."""
    deadline = time.monotonic() + READY_S
    while graph.poll() is None and time.monotonic() < deadline:
        if action.wait_for_server(timeout_sec=0.5):
            return True
    return False


def perform(action: ActionClient, text: str):
    """Perform a text, again and again until the freshly started graph knows its robot."""
    pause, result = threading.Event(), None
    for _ in range(20):
        sent = action.send_goal_async(PerformUtterance.Goal(text=text))
        if not wait_for(sent, ANSWER_S):
            continue  # a server that is just being discovered may lose the first request
        assert sent.result().accepted
        ended = sent.result().get_result_async()
        assert wait_for(ended, READY_S)
        result = ended.result().result
        # Both nodes that move the robot must have heard of it first.
        if "robot" not in result.error_msg and "joint_states" not in result.error_msg:
            return result
        pause.wait(0.5)
    return result


def test_the_graph_starts_performs_and_stops():
    graph = start("imaggen_cli.main", "run")
    rclpy.init()
    threads, node = NodeThreads(), Node("test_run")
    action = ActionClient(node, PerformUtterance, "perform_utterance")
    threads.spin(node)
    try:
        up = is_up(action, graph)
        result = perform(action, "Hello there.") if up else None
        live = subprocess.run(
            [sys.executable, "-m", "imaggen_cli.main", "say", "Hello.", "--live"],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        threads.close()
        rclpy.try_shutdown()
        code, output = stop(graph)
    assert up, f"the graph did not come up; it ended with code {code} and said:\n{output}"
    assert (result.error_code, result.error_msg) == (PerformUtterance.Result.SUCCESS, "")
    assert code == 0, output
    assert "Traceback" not in output, output
    assert live.returncode == 1
    assert "already run" in live.stderr.splitlines()[-1]


def test_say_uses_the_robot_that_is_there(tmp_path):
    env = own_domain(38)
    robot = start("imaggen_simulation.nodes.simulated_robot_node", env=env)
    command = ["imaggen_cli.main", "say", "The ball is round.", "--live", "--no-pictures"]
    options = ["--image", str(EXAMPLES / "ball.jpg"), "--out", str(tmp_path / "out")]
    try:
        done = subprocess.run(
            [sys.executable, "-m", *command, *options],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        wrong = subprocess.run(
            [sys.executable, "-m", *command, *options, "--controller", "nobody/follow"],
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        stop(robot)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "gesture.mcap").is_file()
    assert wrong.returncode == 1
    assert "nobody/follow" in wrong.stderr.splitlines()[-1]


def test_say_without_any_robot_ends_with_a_sentence(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "imaggen_cli.main", "say", "Hello.", "--live", "--out",
         str(tmp_path / "out")],
        env=own_domain(39),
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "robot_description" in done.stderr.splitlines()[-1]
    assert not list(tmp_path.iterdir())
