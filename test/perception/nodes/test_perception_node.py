"""The perception node over DDS, in this process: streams, broken pictures, depth, requests."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

pytest.importorskip("rclpy")
pytest.importorskip("imaggen_interfaces.msg")

from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import CameraInfo, CompressedImage, Image, RegionOfInterest

from imaggen_common.nodes.running import LATCHED, NodeThreads
from imaggen_interfaces.msg import Scene
from imaggen_interfaces.srv import AnalyzeImage
from imaggen_perception import PerceptionError, SegmenterUnavailable
from imaggen_perception.nodes.conversions import array_to_image
from imaggen_perception.nodes.perception_node import PerceptionNode
from imaggen_perception.scene import BoundingBox
from imaggen_perception.segmenters import create_segmenter
from imaggen_perception.segmenters.base import NO_PROMPTS, Prompts, register_segmenter

pytestmark = pytest.mark.ros
DEADLINE_S = 30.0
EMPTY = np.full((240, 320, 3), 228, np.uint8)


def ball(x: int = 160, y: int = 120, radius: int = 40) -> np.ndarray:
    picture = EMPTY.copy()
    cv2.circle(picture, (x, y), radius, (40, 60, 200), -1)
    return picture


class Peer(Node):
    """Plays the camera and listens."""

    def __init__(self) -> None:
        super().__init__("peer")
        self.sent = 0
        self.scenes: list[Scene] = []
        self.reports: list[DiagnosticArray] = []
        self.drawn: list[Image] = []
        sensor = qos_profile_sensor_data
        self.images = self.create_publisher(Image, "image", sensor)
        self.compressed = self.create_publisher(CompressedImage, "image/compressed", sensor)
        self.depths = self.create_publisher(Image, "depth", sensor)
        self.infos = self.create_publisher(CameraInfo, "camera_info", sensor)
        self.create_subscription(Scene, "scene", self.scenes.append, LATCHED)
        self.create_subscription(DiagnosticArray, "/diagnostics", self.reports.append, 50)
        self.client = self.create_client(AnalyzeImage, "analyze_image")

    def send(self, picture: np.ndarray) -> int:
        """Publish a picture; its number is the seconds of its stamp."""
        self.sent += 1
        self.images.publish(array_to_image(picture, Time(sec=self.sent), "eye"))
        return self.sent

    def level(self) -> bytes | None:
        """Of the last report."""
        return self.reports[-1].status[0].level if self.reports else None

    def problems(self) -> list[str]:
        """Last errors that were told, each once, in order."""
        told = [dict((v.key, v.value) for v in r.status[0].values) for r in self.reports]
        return list(dict.fromkeys(t["last error"] for t in told if t["last error"]))


class Graph:
    """A perception node and its peer, each with a thread."""

    def __init__(self, *, single: bool = False, **parameters: object) -> None:
        values = {"segmenter": "classical", "rate_hz": 0.0, **parameters}
        overrides = [Parameter(name, value=value) for name, value in values.items()]
        self.threads, self.peer = NodeThreads(), Peer()
        self.node = PerceptionNode(parameter_overrides=overrides)
        self._executor = SingleThreadedExecutor() if single else None
        if self._executor is not None:  # as the node runs alone
            self._executor.add_node(self.node)
            self._thread = threading.Thread(target=self._executor.spin)
            self._thread.start()
        else:
            self.threads.spin(self.node)
        self.threads.spin(self.peer)
        self.pause = threading.Event()
        self.until(
            lambda: (
                self.peer.images.get_subscription_count() == 1
                and self.peer.compressed.get_subscription_count() == 1
                and self.peer.infos.get_subscription_count() == 1
                and self.node._scenes.get_subscription_count() == 1
                and self.node._diagnostics.get_subscription_count() == 1
                and self.peer.client.service_is_ready()
            )
        )

    def until(self, condition: Callable[[], bool]) -> None:
        for _ in range(round(DEADLINE_S / 0.01)):
            if condition():
                return
            self.pause.wait(0.01)
        raise AssertionError("the nodes did not get there")

    def see(self, picture: np.ndarray) -> Scene:
        """The scene of a published picture."""
        number = self.peer.send(picture)
        self.until(lambda: any(s.header.stamp.sec == number for s in self.peer.scenes))
        return next(s for s in self.peer.scenes if s.header.stamp.sec == number)

    def ask(self, image: Image, **fields: object) -> AnalyzeImage.Response:
        future = self.peer.client.call_async(AnalyzeImage.Request(image=image, **fields))
        self.until(future.done)
        return future.result()

    def close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown()
            self._thread.join()
            self.node.destroy_node()
        self.threads.close()


@pytest.fixture
def make(ros: None) -> Iterator[Callable[..., Graph]]:
    graphs: list[Graph] = []

    def build(**parameters: object) -> Graph:
        graphs.append(Graph(**parameters))
        return graphs[-1]

    yield build
    for graph in graphs:
        graph.close()


class Slow:
    """A back end three times as slow as the camera, that notes what had been sent at its start."""

    peer: Peer | None = None
    noted: list[int] = []

    def segment(self, image_bgr, prompts=NO_PROMPTS):
        if self.peer is not None:
            self.noted.append(self.peer.sent)
            threading.Event().wait(0.3)
        return create_segmenter("classical").segment(image_bgr, prompts)


class Missing:
    def segment(self, image_bgr, prompts=NO_PROMPTS):
        raise SegmenterUnavailable("the weights are missing")


class Prompted:
    """Remembers what it was asked for."""

    prompts: list[Prompts] = []
    knows_words = True

    def segment(self, image_bgr, prompts=NO_PROMPTS):
        self.prompts.append(prompts)
        return create_segmenter("classical").segment(image_bgr, prompts)


register_segmenter("prompted_for_test", Prompted)


class Faulty:
    """Fails on one picture only, with what no perception code should raise."""

    def segment(self, image_bgr, prompts=NO_PROMPTS):
        if image_bgr[0, 0, 0] == 0:
            raise IndexError("a bug")
        return create_segmenter("classical").segment(image_bgr, prompts)


register_segmenter("faulty_for_test", Faulty)
register_segmenter("slow_for_test", Slow)
register_segmenter("missing_for_test", Missing)


@pytest.mark.parametrize("single", [False, True], ids=["events", "single"])
def test_a_fast_camera_never_makes_it_lag(make, single):
    graph = make(single=single, segmenter="slow_for_test")
    Slow.peer, Slow.noted = graph.peer, []
    try:
        for number in range(30):
            graph.peer.send(ball(x=100 + number))
            graph.pause.wait(0.1)
        graph.until(lambda: graph.peer.scenes[-1].header.stamp.sec == 30)
    finally:
        Slow.peer = None
    stamps = [scene.header.stamp.sec for scene in graph.peer.scenes]
    assert stamps == sorted(set(stamps)) and 3 <= len(stamps) < 30
    behind = [sent - stamp for sent, stamp in zip(Slow.noted, stamps, strict=True)]
    assert max(behind) <= 1, (Slow.noted, stamps)


def test_a_bounded_rate_still_sees_the_last_frame(make):
    graph = make(rate_hz=5.0)
    for number in range(10):
        graph.peer.send(ball(x=100 + number))
        graph.pause.wait(0.02)
    graph.until(lambda: bool(graph.peer.scenes) and graph.peer.scenes[-1].header.stamp.sec == 10)
    assert len(graph.peer.scenes) < 10


def test_ids_stay_and_an_empty_picture_empties_the_scene(make):
    graph = make()
    first = graph.see(ball(x=120))
    again = graph.see(ball(x=130))
    assert [o.id for o in first.objects] == [o.id for o in again.objects] == ["object_1"]
    assert not graph.see(EMPTY).objects
    late: list[Scene] = []  # what somebody gets who comes now
    graph.peer.create_subscription(Scene, "scene", late.append, LATCHED)
    graph.until(lambda: bool(late))
    assert not late[0].objects and late[0].header.stamp.sec == 3


def test_a_stamp_is_analysed_once(make):
    graph = make()
    graph.see(ball())
    graph.peer.sent -= 1
    graph.peer.send(ball())
    answer = graph.ask(array_to_image(ball(), Time(sec=1), "eye"))
    assert (answer.error_code, len(answer.scene.objects)) == (AnalyzeImage.Response.SUCCESS, 1)
    graph.see(ball())
    assert [scene.header.stamp.sec for scene in graph.peer.scenes] == [1, 2]


BROKEN = {
    "encoding": Image(height=20, width=20, encoding="magic8", step=20, data=bytes(400)),
    "short": Image(height=20, width=20, encoding="rgb8", step=60, data=bytes(7)),
    "step": Image(height=20, width=20, encoding="rgb8", step=3, data=bytes(1200)),
    "size": Image(encoding="mono8"),
    "small": Image(height=4, width=4, encoding="mono8", step=4, data=bytes(16)),
    "odd yuv": Image(height=20, width=21, encoding="yuv422", step=42, data=bytes(840)),
    "depth": Image(height=20, width=20, encoding="32FC1", step=80, data=bytes(1600)),
    "jpeg": CompressedImage(format="jpeg", data=b"no jpeg at all"),
    "no bytes": CompressedImage(format="png"),
    "compressed depth": CompressedImage(format="16UC1; compressedDepth png", data=bytes(40)),
}


def test_broken_pictures_are_told_and_survived(make):
    graph = make()
    for number, message in enumerate(BROKEN.values(), start=1):
        message.header.stamp = Time(sec=number)
        known = len(graph.peer.problems())
        is_raw = isinstance(message, Image)
        (graph.peer.images if is_raw else graph.peer.compressed).publish(message)
        graph.until(lambda known=known: len(graph.peer.problems()) > known)
        assert graph.peer.level() == DiagnosticStatus.ERROR
    assert len(graph.peer.problems()) == len(BROKEN)
    assert not graph.peer.scenes
    graph.peer.sent = 100
    assert len(graph.see(ball()).objects) == 1
    graph.until(lambda: graph.peer.level() == DiagnosticStatus.OK)


def test_compressed_pictures(make):
    graph = make()
    for number, suffix in enumerate((".jpg", ".png"), start=1):
        data = cv2.imencode(suffix, ball())[1].tobytes()
        message = CompressedImage(format="bgr8; jpeg compressed bgr8", data=data)
        message.header.stamp = Time(sec=number)
        graph.peer.compressed.publish(message)
        graph.until(lambda number=number: len(graph.peer.scenes) == number)
    assert all(s.objects[0].shape_family == "circle" for s in graph.peer.scenes)
    assert {s.objects[0].color for s in graph.peer.scenes} == {"red"}


def test_the_debug_picture_is_drawn_for_whoever_looks(make):
    graph = make()
    graph.see(ball())
    graph.peer.create_subscription(Image, "scene/debug_image", graph.peer.drawn.append, 1)
    graph.until(lambda: graph.node._debug.get_subscription_count() == 1)
    graph.see(ball())
    graph.until(lambda: [m.header.stamp.sec for m in graph.peer.drawn][-1:] == [2])
    message = graph.peer.drawn[-1]
    assert (message.width, message.height, message.encoding) == (640, 480, "bgr8")
    graph.node.set_parameters([Parameter("debug", value=False)])
    graph.see(ball())
    graph.see(ball())
    assert graph.peer.drawn[-1] is message


def depth_image(number: int, millimetres: int = 800, shape: tuple[int, int] = (240, 320)) -> Image:
    pixels = np.full(shape, millimetres, "<u2")
    message = Image(height=shape[0], width=shape[1], encoding="16UC1", step=2 * shape[1])
    message.data, message.header.stamp = pixels.tobytes(), Time(sec=number)
    return message


def test_depth_gives_positions(make):
    graph = make(use_depth=True, sync_slop_s=0.2)
    graph.until(lambda: graph.peer.depths.get_subscription_count() == 1)
    k = [300.0, 0.0, 160.0, 0.0, 300.0, 120.0, 0.0, 0.0, 1.0]
    graph.peer.infos.publish(CameraInfo(width=320, height=240, k=k))
    graph.until(lambda: graph.node._camera is not None)
    graph.peer.depths.publish(depth_image(1))
    (near,) = graph.see(ball(x=220)).objects
    point = near.position.point
    assert (point.x, point.y, point.z) == pytest.approx((60 / 300 * 0.8, 0.0, 0.8), abs=5e-3)
    assert near.width_m == pytest.approx(81 / 300 * 0.8, rel=0.03)
    # A picture that comes before its depth waits for it; one whose depth never comes does not.
    number = graph.peer.send(ball())
    graph.peer.depths.publish(depth_image(number, 1600))
    graph.until(lambda: len(graph.peer.scenes) == 2)
    assert graph.peer.scenes[1].objects[0].position.point.z == pytest.approx(1.6)
    (far,) = graph.see(ball()).objects
    assert not far.position.header.frame_id
    graph.until(lambda: graph.peer.level() == DiagnosticStatus.WARN)
    # Depth of another shape is told; the picture is used without it.
    graph.peer.depths.publish(depth_image(4, shape=(100, 320)))
    (plain,) = graph.see(ball()).objects
    assert not plain.position.header.frame_id
    graph.until(lambda: any("register" in problem for problem in graph.peer.problems()))


def test_a_resized_picture_keeps_its_camera_and_another_one_warns(make):
    graph = make()
    k = [600.0, 0.0, 320.0, 0.0, 600.0, 240.0, 0.0, 0.0, 1.0]
    graph.peer.infos.publish(CameraInfo(width=640, height=480, k=k))
    graph.until(lambda: graph.node._camera is not None)
    (seen,) = graph.see(ball(x=260)).objects
    bearing = seen.bearing.vector
    assert bearing.x / bearing.z == pytest.approx(100 / 300, abs=5e-3)
    graph.see(np.pad(ball(), ((0, 60), (0, 0), (0, 0)), mode="edge"))
    graph.until(lambda: graph.peer.level() == DiagnosticStatus.WARN)
    assert "camera_info is of 640 x 480" in graph.peer.reports[-1].status[0].message


def test_old_frames_are_dropped(make):
    graph = make(max_age_s=5.0)
    graph.peer.send(ball())  # of 1970
    graph.until(lambda: bool(graph.peer.reports))
    now = graph.peer.get_clock().now().to_msg()
    graph.peer.images.publish(array_to_image(ball(), now, "eye"))
    graph.until(lambda: bool(graph.peer.scenes))
    assert [scene.header.stamp for scene in graph.peer.scenes] == [now]


def test_requests(make):
    graph, answers = make(), AnalyzeImage.Response
    empty = graph.ask(array_to_image(EMPTY, Time(sec=1), "eye"))
    assert (empty.error_code, empty.scene.image_width) == (answers.NO_OBJECT, 320)
    assert "no object" in empty.error_msg
    graph.until(lambda: len(graph.peer.scenes) == 1)  # the empty one
    broken = graph.ask(Image())
    assert broken.error_code == answers.UNREADABLE_IMAGE and broken.error_msg


def test_words_and_boxes_reach_the_back_end(make):
    graph = make(segmenter="prompted_for_test")
    image = array_to_image(ball(), Time(sec=2), "eye")
    box = RegionOfInterest(x_offset=110, y_offset=70, width=100, height=100)
    for fields in ({}, {"words": ["ball", " "]}, {"words": ["ball"]}, {"boxes": [box]}):
        answer = graph.ask(image, **fields)
        assert answer.error_code == AnalyzeImage.Response.SUCCESS
        # Tracked, so that the answers speak of one thing.
        assert [o.id for o in answer.scene.objects] == ["object_1"]
    asked = Prompted.prompts[-3:]
    assert asked[0] == Prompts() and asked[1] == Prompts(("ball",))  # and not asked twice
    assert asked[2] == Prompts(boxes=(BoundingBox(110, 70, 100, 100),))


class Wordless(Prompted):
    """Finds the same whatever the words are."""

    prompts: list[Prompts] = []
    knows_words = False


register_segmenter("wordless_for_test", Wordless)


def test_words_that_change_nothing_are_not_looked_for_again(make):
    graph = make(segmenter="wordless_for_test")
    image = array_to_image(ball(), Time(sec=3), "eye")
    first = graph.ask(image)
    looks = len(Wordless.prompts)  # the node may have warmed up before
    again = graph.ask(image, words=["ball"])
    assert again.error_code == AnalyzeImage.Response.SUCCESS
    assert looks >= 1 and len(Wordless.prompts) == looks
    assert [o.id for o in again.scene.objects] == [o.id for o in first.scene.objects]


def test_a_missing_back_end_is_told(make):
    graph = make(segmenter="missing_for_test")
    answer = graph.ask(array_to_image(ball(), Time(sec=1), "eye"))
    assert answer.error_code == AnalyzeImage.Response.SEGMENTER_UNAVAILABLE
    graph.until(lambda: bool(graph.peer.reports))
    assert graph.peer.problems() == ["the weights are missing"]
    graph.node.set_parameters([Parameter("segmenter", value="classical")])
    again = graph.ask(array_to_image(ball(), Time(sec=1), "eye"))
    assert again.error_code == AnalyzeImage.Response.SUCCESS
    graph.peer.sent = 1
    assert len(graph.see(ball()).objects) == 1


def test_a_fault_in_the_analysis_does_not_end_the_node(make):
    graph = make(segmenter="faulty_for_test")
    black = np.zeros((240, 320, 3), np.uint8)
    answer = graph.ask(array_to_image(black, Time(sec=1), "eye"))
    assert answer.error_code == AnalyzeImage.Response.UNREADABLE_IMAGE
    assert "a bug" in answer.error_msg
    graph.peer.sent = 1
    assert len(graph.see(ball()).objects) == 1


def test_parameters_are_checked(make, tmp_path: Path):
    graph = make()
    bad = tmp_path / "scene.yaml"
    bad.write_text("objects: []")
    for name, value, reason in (
        ("segmenter", "magic", "unknown segmenter"),
        ("scene_file", str(bad), "objects"),
        ("scene_file", "nowhere.yaml", "nowhere.yaml"),
        ("use_cv_bridge", "perhaps", "auto"),
        ("rate_hz", -1.0, ""),
        ("use_depth", True, ""),
    ):
        (result,) = graph.node.set_parameters([Parameter(name, value=value)])
        assert not result.successful and reason in result.reason, name
    with pytest.raises(PerceptionError, match="unknown segmenter"):
        PerceptionNode(parameter_overrides=[Parameter("segmenter", value="magic")])


def test_known_shapes_are_put_over_what_is_seen(make, tmp_path: Path):
    file = tmp_path / "scene.yaml"
    file.write_text(
        "objects:\n"
        "  - {name: ball, shape: circle, size: [0.2, 0.2], position: [0, 0, 0.7]}\n"
        "  - {name: lamp, shape: star, size: [0.1, 0.1], position: [5, 0, 1]}\n"
    )
    graph = make(scene_file=str(file))
    scene = graph.see(ball())
    assert [(o.id, o.label) for o in scene.objects] == [("object_1", "ball"), ("object_2", "lamp")]
    assert scene.objects[0].width_m == pytest.approx(0.2)


@pytest.mark.parametrize("name", ["depth_model", "label_model"])
def test_hub_models_are_checked_before_they_are_used(make, name):
    graph = make()
    (refused,) = graph.node.set_parameters([Parameter(name, value="no/such/folder@")])
    assert not refused.successful and name in refused.reason
    (refused,) = graph.node.set_parameters([Parameter(name, value="/no/such/folder")])
    assert not refused.successful
    assert "torch" in refused.reason or "/no/such/folder" in refused.reason
    assert len(graph.see(ball()).objects) == 1
