"""A small recorded robot."""

from pathlib import Path

import numpy as np
import pytest
from evaluation.cdr import joint_state, string_message

from imaggen_evaluation import Bag, read_bag
from imaggen_evaluation.mcap_file import McapFile, qos_yaml

# Two links of 0.3 m and 0.2 m in the xy plane; the second joint turns without end.
ARM = """<robot name="arm">
  <link name="base"/><link name="upper"/><link name="lower"/><link name="tip"/>
  <joint name="shoulder" type="revolute">
    <parent link="base"/><child link="upper"/><axis xyz="0 0 1"/>
    <limit lower="-3" upper="3" velocity="1" effort="1"/>
  </joint>
  <joint name="elbow" type="continuous">
    <parent link="upper"/><child link="lower"/><axis xyz="0 0 1"/><origin xyz="0.3 0 0"/>
  </joint>
  <joint name="wrist" type="fixed">
    <parent link="lower"/><child link="tip"/><origin xyz="0.2 0 0"/>
  </joint>
</robot>"""
QOS = qos_yaml(
    {"history": "keep_last", "depth": 1, "reliability": "reliable", "durability": "volatile"}
)
START = 1_700_000_000.0


@pytest.fixture
def arm_bag(tmp_path: Path) -> Bag:
    """One turn of the shoulder with a straight elbow, 100 Hz, then half a turn of the elbow."""
    recording = McapFile(tmp_path / "arm.mcap")
    recording.add_topic("/robot_description", "std_msgs/msg/String", QOS)
    recording.add_topic("/joint_states", "sensor_msgs/msg/JointState", QOS)
    recording.add_topic("/image", "sensor_msgs/msg/Image", QOS)
    first = round(START * 1e9)
    recording.write(
        "/robot_description", string_message(ARM), log_time=first, publish_time=first - 5
    )
    turn = [(angle, 0.0) for angle in np.linspace(-np.pi, np.pi, 101) * 0.95]
    bend = [(0.0, angle) for angle in np.linspace(0.0, np.pi, 51)]
    for index, (shoulder, elbow) in enumerate(turn + bend):
        stamp = START + 0.01 * index
        data = joint_state(stamp, ["elbow", "shoulder", "finger"], [elbow, shoulder, 9.0])
        now = round(stamp * 1e9) + 1000
        recording.write("/joint_states", data, log_time=now, publish_time=now - 500)
    return read_bag(recording.close())
