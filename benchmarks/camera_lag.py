"""How far behind a camera the perception node is, over real DDS.

    python benchmarks/camera_lag.py [--rate 10] [--seconds 20] [--image examples/coffee.jpg]

A camera in a process of its own publishes 640 x 480 pictures at the rate; the node analyses as many
as it can (rate_hz: 0). Printed: by how many frames the one whose analysis starts is older than the
newest one sent, and how old a picture is when its scene is out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time

import cv2
import numpy as np

from imaggen_cli.nodes.domain import PrivateDomain
from imaggen_perception import load_image


def film(path: str, rate: float, seconds: float) -> None:
    """Publish a picture, shifted a little from frame to frame; runs in its own process."""
    import rclpy
    from rclpy.node import Node
    from rclpy.qos import qos_profile_sensor_data
    from sensor_msgs.msg import Image

    from imaggen_perception.nodes.conversions import array_to_image

    rclpy.init()
    node = Node("camera")
    publisher = node.create_publisher(Image, "image", qos_profile_sensor_data)
    picture = cv2.resize(load_image(path)[..., :3], (640, 480))
    while publisher.get_subscription_count() == 0:
        time.sleep(0.05)
    started = time.monotonic()
    for frame in range(round(rate * seconds)):
        shifted = np.ascontiguousarray(np.roll(picture, frame % 20, axis=1))
        time.sleep(max(0.0, started + frame / rate - time.monotonic()))
        publisher.publish(array_to_image(shifted, node.get_clock().now().to_msg(), "camera"))
    node.destroy_node()
    rclpy.shutdown()


def main() -> None:
    """Print the lag at the start of each analysis and the age of each scene."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", default="examples/coffee.jpg")
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    options = parser.parse_args()
    PrivateDomain().claim()
    import rclpy
    from rclpy.executors import SingleThreadedExecutor
    from rclpy.parameter import Parameter

    from imaggen_perception.nodes.perception_node import PerceptionNode

    rclpy.init()
    behind: list[float] = []
    ages: list[float] = []

    class Timed(PerceptionNode):
        """The node, with a clock at both ends of an analysis."""

        def _analyze(self, frame, *arguments):  # type: ignore[no-untyped-def]
            behind.append((time.time() - frame.stamp_s) * options.rate)
            answer = super()._analyze(frame, *arguments)
            ages.append(time.time() - frame.stamp_s)
            return answer

    node = Timed(parameter_overrides=[Parameter("rate_hz", value=0.0)])
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    camera = multiprocessing.get_context("spawn").Process(
        target=film, args=(options.image, options.rate, options.seconds), daemon=True
    )
    camera.start()
    while camera.is_alive():
        executor.spin_once(timeout_sec=0.1)
    sent = round(options.rate * options.seconds)
    print(f"{sent} frames at {options.rate:g} Hz, {len(ages)} analysed")
    newer = np.floor(behind).astype(int)
    counts = ", ".join(f"{n} newer: {np.count_nonzero(newer == n)}" for n in np.unique(newer))
    print(f"frames sent after the one whose analysis starts: {counts}")
    print(f"age of a scene: median {np.median(ages):.3f} s, maximum {max(ages):.3f} s")
    node.destroy_node()
    rclpy.shutdown()


if __name__ == "__main__":
    main()
