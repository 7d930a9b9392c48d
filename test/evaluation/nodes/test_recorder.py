"""The recorder on real DDS."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("rclpy")

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image, JointState
from std_msgs.msg import String

from imaggen_evaluation import BagError, read_bag
from imaggen_evaluation.nodes.recorder import BagRecorder, type_name
from imaggen_evaluation.nodes.topics import LATCHED, RECORDED_TOPICS, STREAM
from imaggen_interfaces.msg import GesturePlan, GestureSpec, Scene

pytestmark = pytest.mark.ros


@pytest.fixture
def robot(ros: None) -> Iterator[Node]:
    node = rclpy.create_node("robot")
    yield node
    node.destroy_node()


def spin_until(recorder: BagRecorder, done: Callable[[], bool]) -> None:
    executor = SingleThreadedExecutor()
    executor.add_node(recorder)
    for _ in range(1000):
        if done():
            break
        executor.spin_once(timeout_sec=0.02)
    executor.remove_node(recorder)
    executor.shutdown()
    assert done()


def test_names_of_types() -> None:
    assert type_name(GesturePlan) == "imaggen_interfaces/msg/GesturePlan"
    assert {topic: type_name(kind) for topic, (kind, _) in RECORDED_TOPICS.items()}[
        "markers"
    ] == "visualization_msgs/msg/MarkerArray"


def test_records_latched_streamed_and_best_effort_topics(robot: Node, tmp_path: Path) -> None:
    description = robot.create_publisher(String, "robot_description", LATCHED)
    description.publish(String(data="<robot/>"))  # before the recorder is there
    image = robot.create_publisher(Image, "image", qos_profile_sensor_data)
    plan = robot.create_publisher(GesturePlan, "gesture_plan", LATCHED)
    states = robot.create_publisher(JointState, "joint_states", 100)

    recorder = BagRecorder("recorder", tmp_path / "gesture.mcap")
    publishers = (description, image, plan, states)
    spin_until(recorder, lambda: all(p.get_subscription_count() == 1 for p in publishers))
    picture = Image(height=2, width=3, encoding="bgr8", step=9, data=bytes(range(18)))
    plan.publish(
        GesturePlan(
            utterance_id="u", scene=Scene(image_width=3), gestures=[GestureSpec(affiliate=[1, 2])]
        )
    )
    for index in range(50):
        states.publish(JointState(name=["elbow"], position=[0.1 * index]))

    # The first pictures may fall into the moment of settling for best effort.
    def all_there() -> bool:
        if recorder.counts["/image"] == 0:
            image.publish(picture)
        counts = recorder.counts
        return (
            counts["/image"] > 0 and counts["/joint_states"] == 50 and counts["/gesture_plan"] == 1
        )

    spin_until(recorder, all_there)
    path = recorder.close()
    recorder.destroy_node()

    bag = read_bag(path)
    assert set(bag.topics) == {"/" + topic.lstrip("/") for topic in RECORDED_TOPICS}
    assert bag.last("/robot_description").data == "<robot/>"
    assert bytes(bag.last("/image").data) == bytes(range(18))
    assert list(bag.last("/gesture_plan").gestures[0].affiliate) == [1, 2]
    assert bag.last("/gesture_plan").scene.image_width == 3
    stamped = bag.messages("/joint_states")
    assert [m.value.position[0] for m in stamped] == pytest.approx([0.1 * i for i in range(50)])
    assert all(m.publish_time <= m.log_time for m in stamped)
    assert stamped[0].log_time == pytest.approx(robot.get_clock().now().nanoseconds / 1e9, abs=60)


def test_destroyed_before_its_end_it_leaves_nothing(ros: None, tmp_path: Path) -> None:
    recorder = BagRecorder("recorder", tmp_path / "a.mcap", {"said": (String, STREAM)})
    assert (tmp_path / "a.mcap.part").exists()
    recorder.destroy_node()
    assert list(tmp_path.iterdir()) == []


def test_closes_while_messages_arrive(robot: Node, tmp_path: Path) -> None:
    publisher = robot.create_publisher(String, "said", 10)
    recorder = BagRecorder("recorder", tmp_path / "a.mcap", {"said": (String, STREAM)})
    spin_until(recorder, lambda: publisher.get_subscription_count() == 1)
    executor = SingleThreadedExecutor()
    executor.add_node(recorder)
    thread = threading.Thread(target=executor.spin)
    thread.start()
    while recorder.counts["/said"] < 20:
        publisher.publish(String(data="again and again"))
    recorder.close()
    for _ in range(20):
        publisher.publish(String(data="too late"))
    executor.shutdown()
    thread.join()
    recorder.destroy_node()
    values = {message.value.data for message in read_bag(tmp_path / "a.mcap").messages("/said")}
    assert values == {"again and again"}


def test_unwritable_place_is_refused(ros: None, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BagError, match="cannot write the bag"):
        BagRecorder("recorder", tmp_path / "file" / "a.mcap")
