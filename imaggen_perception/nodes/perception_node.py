"""Node `perception`: pictures in, scenes out."""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
from builtin_interfaces.msg import Time
from diagnostic_msgs.msg import DiagnosticArray
from numpy.typing import NDArray
from rclpy.clock import Clock, ClockType
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, CompressedImage, Image

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.srv import AnalyzeImage
from imaggen_perception.analysis import analyze_image, as_picture
from imaggen_perception.annotate import annotate
from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import PerceptionError, SegmenterUnavailable
from imaggen_perception.nodes import parameters
from imaggen_perception.nodes.conversions import (
    camera_from_msg,
    fitted_camera,
    prompts_from_msg,
    scene_to_msg,
)
from imaggen_perception.nodes.frames import Frame, FrameQueue
from imaggen_perception.nodes.health import ERROR, WARN, Health
from imaggen_perception.nodes.images import (
    Depth,
    array_to_image,
    compressed_depth_to_metres,
    compressed_to_array,
    depth_to_metres,
    image_to_array,
)
from imaggen_perception.scene import Scene
from imaggen_perception.segmenters.base import NO_PROMPTS, Prompts, knows_words
from imaggen_perception.tracking import Tracker

# One picture at most waits: a camera faster than the analysis never builds up a queue.
NEWEST = QoSProfile(
    depth=1, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.BEST_EFFORT
)
FRAME = "camera_optical_frame"
Response = AnalyzeImage.Response
NOTHING = (
    "no object stands out in the picture; show one thing clearly, or give a picture with an alpha"
    " channel as its mask"
)


class PerceptionNode(Node):
    """Sees what the camera sees, and pictures by request; one at a time.

    Subscribes `image`, `image/compressed`, `camera_info` and, with `use_depth`, `depth` and
    `depth/compressedDepth`; publishes `scene` (empty when nothing is seen), `scene/debug_image` and
    `/diagnostics`; offers `analyze_image`. A picture with the stamp and frame of the last one
    analysed is not analysed again. Parameters: see `parameters`.

    Args:
        node_arguments: passed to `rclpy.node.Node` (parameter_overrides, namespace, ...).

    Raises:
        PerceptionError: when a parameter's value cannot be used.
    """

    def __init__(self, **node_arguments: Any) -> None:
        super().__init__("perception", **node_arguments)
        parameters.declare(self)
        self._health = Health(self.get_fully_qualified_name().strip("/"))
        self._queue = FrameQueue(use_depth=self._value("use_depth"))
        self._tracker = Tracker()
        self._camera: CameraModel | None = None
        self._scenes = self.create_publisher(SceneMsg, "scene", LATCHED)
        self._debug = self.create_publisher(Image, "scene/debug_image", 1)
        self._diagnostics = self.create_publisher(DiagnosticArray, "/diagnostics", 10)
        missing = parameters.check_at_start(self)
        if missing is not None:
            self._complain("segmenter", ERROR, str(missing))
        self._last: tuple[tuple[Any, ...], Any] | None = None
        self._apply()
        self.add_on_set_parameters_callback(parameters.check)
        self.add_post_set_parameters_callback(self._apply)
        self._listen()
        self.create_service(AnalyzeImage, "analyze_image", self._on_request)
        # Steady: a paused simulation must not stop the reports.
        steady = Clock(clock_type=ClockType.STEADY_TIME)
        self.create_timer(1.0, self._report, clock=steady)
        self._wake = self.create_timer(1.0, self._on_wake, clock=steady)
        self._wake.cancel()

    def _listen(self) -> None:
        self.create_subscription(CameraInfo, "camera_info", self._on_camera_info, NEWEST)
        self.create_subscription(Image, "image", self._on_image, NEWEST)
        self.create_subscription(CompressedImage, "image/compressed", self._on_image, NEWEST)
        if self._queue.use_depth:
            self.create_subscription(Image, "depth", self._on_depth, NEWEST)
            self.create_subscription(
                CompressedImage, "depth/compressedDepth", self._on_depth, NEWEST
            )

    def _value(self, name: str) -> Any:
        return self.get_parameter(name).value

    def _apply(self, _: Any = None) -> None:
        """Use the parameters as they are now; they have been checked."""
        self._queue.rate_hz = self._value("rate_hz")
        self._queue.slop_s = self._value("sync_slop_s")
        self._depth_estimator = parameters.depth_estimator(self._value("depth_model"))
        self._labeler = parameters.labeler(self._value("label_model"))
        self._known = parameters.known_scene(self._value("scene_file"))
        self._bridged = parameters.wants_cv_bridge(self._value("use_cv_bridge"))
        self._health.back_end = self._value("segmenter")
        self._last = None  # the same picture may give another answer now

    def _on_camera_info(self, message: CameraInfo) -> None:
        try:
            self._camera = camera_from_msg(message)
        except PerceptionError as error:
            self._camera = None
            self._complain("camera", WARN, f"camera_info cannot be used: {error}")

    def _on_image(self, message: Image | CompressedImage) -> None:
        self._health.seen += 1
        stamp_s, limit_s = _seconds(message.header.stamp), self._value("max_age_s")
        age_s = self.get_clock().now().nanoseconds * 1e-9 - stamp_s
        if limit_s and stamp_s and age_s > limit_s:
            self._health.dropped += 1
            self._complain(
                "age",
                WARN,
                f"a picture is {age_s:.2f} s old and max_age_s is {limit_s:g}; are the clocks set"
                " alike?",
            )
            return
        self._health.solved("age")
        self._queue.offer(message, stamp_s, time.monotonic())
        self._look()

    def _on_depth(self, message: Image | CompressedImage) -> None:
        self._queue.offer_depth(message, _seconds(message.header.stamp))
        self._look()

    def _on_wake(self) -> None:
        self._wake.cancel()
        self._look()

    def _look(self) -> None:
        """Analyse the frame that waits, or be woken when it is its turn."""
        now_s = time.monotonic()
        frame = self._queue.take(now_s)
        if frame is not None:
            self._analyze(frame)
            return
        wait_s = self._queue.wait_s(now_s)
        if wait_s is not None:
            self._wake.timer_period_ns = max(1_000_000, int(wait_s * 1e9))
            self._wake.reset()

    def _on_request(self, request: AnalyzeImage.Request, _: Any) -> Any:
        self._health.seen += 1
        stamp_s = _seconds(request.image.header.stamp)
        depth = self._queue.depth_at(stamp_s) if self._queue.use_depth and stamp_s else None
        frame = Frame(request.image, stamp_s, time.monotonic(), depth)
        response = self._analyze(frame, prompts_from_msg(request.words, request.boxes))
        if stamp_s:
            self._queue.note(stamp_s)
        return response

    def _analyze(self, frame: Frame, prompts: Prompts = NO_PROMPTS) -> Any:
        """See a picture, publish its scene, and remember the answer."""
        header = frame.message.header
        key = (frame.stamp_s, header.frame_id, self._heeded(prompts))
        if self._last is not None and self._last[0] == key and frame.stamp_s:
            return self._last[1]
        response = Response()
        try:
            picture = self._decoded(frame.message)
            self._publish(response, self._see(picture, frame, prompts), picture, frame)
        # Whatever one picture does to one measure must not blind the robot for all later ones.
        except Exception as error:
            if not isinstance(error, PerceptionError):
                self.get_logger().error(traceback.format_exc(), throttle_duration_sec=5.0)
            response = self._refused(error)
        self._last = (key, response)
        return response

    def _heeded(self, prompts: Prompts) -> Prompts:
        """What of the prompts can change the answer: words only where something knows words."""
        try:
            heeds = self._labeler is not None or knows_words(self._value("segmenter"))
        except PerceptionError:
            heeds = True  # the analysis tells what is wrong
        return prompts if heeds else replace(prompts, words=())

    def _refused(self, error: Exception) -> Any:
        """The answer about a picture that cannot be used."""
        unavailable = isinstance(error, SegmenterUnavailable)
        code = Response.SEGMENTER_UNAVAILABLE if unavailable else Response.UNREADABLE_IMAGE
        known = isinstance(error, PerceptionError)
        sentence = str(error) if known else f"the picture cannot be analysed: {error!r}"
        self._health.errors += 1
        self._complain("segmenter" if unavailable else "image", ERROR, sentence)
        return Response(error_code=code, error_msg=sentence)

    def _decoded(self, message: Any) -> NDArray[np.uint8]:
        """The picture of a message, (H, W, 3) BGR or (H, W, 4) BGRA.

        Raises:
            UnreadableImage: when it is none.
        """
        if isinstance(message, CompressedImage):
            return as_picture(compressed_to_array(message))
        return as_picture(image_to_array(message, use_cv_bridge=self._bridged))

    def _see(self, picture: NDArray[np.uint8], frame: Frame, prompts: Prompts) -> Scene:
        """The scene of a picture, with what is known, and with the ids of the frames before.

        Raises:
            PerceptionError: when it cannot be analysed.
        """
        height, width = picture.shape[:2]
        camera = self._camera_for(width, height)
        scene = analyze_image(
            picture,
            segmenter=self._value("segmenter"),
            camera=camera,
            frame_id=frame.message.header.frame_id or FRAME,
            prompts=prompts,
            depth=self._depth_for(frame, width, height),
            depth_estimator=self._depth_estimator,
            labeler=self._labeler,
        )
        if self._known is not None:
            try:
                scene = self._known.merge(scene, camera)
                self._health.solved("scene_file")
            except PerceptionError as error:
                self._complain("scene_file", ERROR, str(error))
        if self._value("tracking"):
            now_s = self.get_clock().now().nanoseconds * 1e-9
            scene = self._tracker.update(scene, frame.stamp_s or now_s)
        return scene

    def _camera_for(self, width: int, height: int) -> CameraModel | None:
        """The camera of a picture of this size; None: assume one."""
        if self._camera is None:
            return None
        fitted = fitted_camera(self._camera, width, height)
        if fitted is None:
            self._complain(
                "camera",
                WARN,
                f"camera_info is of {self._camera.width} x {self._camera.height} pixels and the"
                f" picture of {width} x {height}; assuming a camera of 60 degrees across",
            )
        else:
            self._health.solved("camera")
        return fitted

    def _depth_for(self, frame: Frame, width: int, height: int) -> Depth | None:
        """The depth of a frame [m], of the picture's size; a missing one is complained about."""
        if not self._queue.use_depth:
            return None
        if frame.depth is None:
            slop_s = self._queue.slop_s
            self._complain("depth", WARN, f"no depth within {slop_s:g} s of the picture")
            return None
        compressed = isinstance(frame.depth, CompressedImage)
        decode = compressed_depth_to_metres if compressed else depth_to_metres
        try:
            depth = decode(frame.depth)
        except PerceptionError as error:
            self._complain("depth", ERROR, f"depth cannot be used: {error}")
            return None
        rows, columns = depth.shape
        if abs(columns * height - rows * width) > max(width, height):
            self._complain(
                "depth",
                ERROR,
                f"depth is {columns} x {rows} pixels and the picture {width} x {height}; register"
                " the depth to the colour camera",
            )
            return None
        self._health.solved("depth")
        if (columns, rows) == (width, height):
            return depth
        return np.asarray(cv2.resize(depth, (width, height), interpolation=cv2.INTER_NEAREST))

    def _publish(
        self, response: Any, scene: Scene, picture: NDArray[np.uint8], frame: Frame
    ) -> None:
        stamp = frame.message.header.stamp
        response.scene = scene_to_msg(scene, stamp)
        if not scene.objects:
            response.error_code, response.error_msg = Response.NO_OBJECT, NOTHING
        self._scenes.publish(response.scene)
        self._note(scene, frame)
        if self._value("debug") and self._debug.get_subscription_count():
            drawn = annotate(picture, scene)
            self._debug.publish(array_to_image(drawn, stamp, scene.frame_id))

    def _note(self, scene: Scene, frame: Frame) -> None:
        """Keep count of a picture that went well."""
        self._health.solved("image", "segmenter")
        self._health.analysed += 1
        self._health.objects = len(scene.objects)
        self._health.latency_ms = (time.monotonic() - frame.arrived_s) * 1e3
        methods = sorted({entry.method for entry in scene.objects})
        self._health.back_end = " / ".join([self._value("segmenter"), *methods])

    def _complain(self, subject: str, level: Any, sentence: str) -> None:
        """Say what is wrong: in the diagnostics each time an error occurs, in the log once."""
        if self._health.problem(subject, level, sentence):
            self.get_logger().warning(sentence, throttle_duration_sec=1.0)
        if level == ERROR:
            self._report()

    def _report(self) -> None:
        self._health.dropped += self._queue.dropped
        self._queue.dropped = 0
        self._diagnostics.publish(self._health.report(self.get_clock().now().to_msg()))


def _seconds(stamp: Time) -> float:
    return float(stamp.sec + stamp.nanosec * 1e-9)


def main() -> None:
    """Run the node until it is stopped."""
    run_node(PerceptionNode, (PerceptionError, ParameterException))


if __name__ == "__main__":
    main()
