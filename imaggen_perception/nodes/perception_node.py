"""Node `perception`: pictures in, scenes out."""

from __future__ import annotations

from typing import Any

import numpy as np
from rcl_interfaces.msg import ParameterDescriptor
from rclpy.node import Node
from rclpy.qos import (
    HistoryPolicy,
    QoSProfile,
    ReliabilityPolicy,
)
from sensor_msgs.msg import CameraInfo, Image

from imaggen_common.nodes.running import LATCHED, run_node
from imaggen_interfaces.msg import Scene as SceneMsg
from imaggen_interfaces.srv import AnalyzeImage
from imaggen_perception.analysis import analyze_image
from imaggen_perception.camera import CameraModel
from imaggen_perception.errors import NoObjectFound, PerceptionError
from imaggen_perception.nodes.conversions import camera_from_msg, image_to_array, scene_to_msg

# One picture at most waits: a camera faster than the analysis never builds up a queue.
NEWEST = QoSProfile(
    depth=1, history=HistoryPolicy.KEEP_LAST, reliability=ReliabilityPolicy.BEST_EFFORT
)


class PerceptionNode(Node):
    """Subscribes `image` and `camera_info`, publishes `scene`, offers `analyze_image`.

    A picture with the stamp and frame of the last one analysed is not analysed again.
    """

    def __init__(self) -> None:
        super().__init__("perception")
        described = ParameterDescriptor(
            description="Segmentation back end: auto, u2netp or classical.", read_only=True
        )
        self.declare_parameter("segmenter", "auto", described)
        self._segmenter: str = self.get_parameter("segmenter").value
        self._warm_up()
        self._camera: CameraModel | None = None
        self._last: tuple[tuple[int, int, str], Any] | None = None
        self._scenes = self.create_publisher(SceneMsg, "scene", LATCHED)
        self._subscriptions_ = (
            self.create_subscription(Image, "image", self._on_image, NEWEST),
            self.create_subscription(CameraInfo, "camera_info", self._on_camera_info, NEWEST),
        )
        self._service = self.create_service(AnalyzeImage, "analyze_image", self._on_request)

    def _warm_up(self) -> None:
        """Load the model and touch all code now, so that the first picture does not wait for it."""
        picture = np.full((480, 640, 3), 230, np.uint8)
        picture[140:340, 220:420] = (40, 60, 200)
        analyze_image(picture, segmenter=self._segmenter)

    def _on_camera_info(self, message: CameraInfo) -> None:
        self._camera = camera_from_msg(message)

    def _on_image(self, message: Image) -> None:
        response = self._analyze(message)
        if response.error_code != AnalyzeImage.Response.SUCCESS:
            self.get_logger().warning(response.error_msg, throttle_duration_sec=5.0)

    def _on_request(self, request: AnalyzeImage.Request, _: Any) -> Any:
        return self._analyze(request.image)

    def _analyze(self, message: Image) -> Any:
        """See a picture, publish its scene, and remember the answer."""
        stamp = message.header.stamp
        key = (stamp.sec, stamp.nanosec, message.header.frame_id)
        if self._last is not None and self._last[0] == key and any(key[:2]):
            return self._last[1]
        response = AnalyzeImage.Response()
        try:
            picture = image_to_array(message)
            fits = self._camera is not None and (self._camera.width, self._camera.height) == (
                message.width,
                message.height,
            )
            scene = analyze_image(
                picture,
                segmenter=self._segmenter,
                camera=self._camera if fits else None,
                frame_id=message.header.frame_id or "camera_optical_frame",
            )
        except PerceptionError as error:
            nothing = isinstance(error, NoObjectFound)
            response.error_code = response.NO_OBJECT if nothing else response.UNREADABLE_IMAGE
            response.error_msg = str(error)
        else:
            response.scene = scene_to_msg(scene, stamp)
            self._scenes.publish(response.scene)
        self._last = (key, response)
        return response


def main() -> None:
    """Run the node until it is stopped."""
    run_node(PerceptionNode)


if __name__ == "__main__":
    main()
