"""Which frame is next, without ROS: messages are any values here."""

from __future__ import annotations

import pytest

from imaggen_perception.nodes.frames import FrameQueue


def taken(queue: FrameQueue, now_s: float) -> tuple[object, object] | None:
    frame = queue.take(now_s)
    return None if frame is None else (frame.message, frame.depth)


def test_the_newest_frame_replaces_what_waits():
    queue = FrameQueue()
    for number in (1, 2, 3):
        queue.offer(f"frame {number}", number, 0.0)
    assert taken(queue, 0.0) == ("frame 3", None)
    assert taken(queue, 0.0) is None and queue.wait_s(0.0) is None
    assert queue.dropped == 2


def test_repeated_and_overtaken_frames_are_dropped_but_a_restart_is_not():
    queue = FrameQueue()
    queue.offer("a", 10.0, 0.0)
    queue.take(0.0)
    queue.offer("same", 10.0, 0.1)
    queue.offer("overtaken", 9.9, 0.1)
    assert taken(queue, 0.1) is None and queue.dropped == 2
    queue.offer("bag again", 1.0, 0.2)
    assert taken(queue, 0.2) == ("bag again", None)
    queue.offer("no stamp", 0.0, 0.3)
    assert taken(queue, 0.3) == ("no stamp", None)


def test_what_was_analysed_for_a_request_is_not_taken_again():
    queue = FrameQueue()
    queue.offer("a", 10.0, 0.0)
    queue.note(10.0)
    queue.offer("a", 10.0, 0.1)
    assert taken(queue, 0.1) is None


def test_the_rate_is_bounded():
    queue = FrameQueue(rate_hz=2.0)
    queue.offer("a", 1.0, 0.0)
    assert taken(queue, 0.0) == ("a", None)
    queue.offer("b", 1.1, 0.1)
    assert taken(queue, 0.1) is None and queue.wait_s(0.1) == pytest.approx(0.4)
    queue.offer("c", 1.4, 0.4)
    assert taken(queue, 0.51) == ("c", None)


def test_depth_of_the_nearest_stamp():
    queue = FrameQueue(use_depth=True, slop_s=0.05)
    for stamp in (0.90, 0.97, 1.02, 1.10):
        queue.offer_depth(stamp, stamp)
    queue.offer("a", 1.0, 0.0)
    assert taken(queue, 0.0) == ("a", 1.02)


def test_a_frame_waits_for_its_depth_but_not_for_long():
    queue = FrameQueue(use_depth=True, slop_s=0.05)
    queue.offer("a", 1.0, 0.0)
    assert taken(queue, 0.01) is None and queue.wait_s(0.01) == pytest.approx(0.04)
    queue.offer_depth("depth", 1.01)
    assert taken(queue, 0.02) == ("a", "depth")
    queue.offer("b", 1.1, 0.1)
    queue.offer("c", 1.13, 0.13)  # a fast camera: the wait began with b
    assert taken(queue, 0.14) is None and taken(queue, 0.151) == ("c", None)


def test_a_later_depth_ends_the_wait():
    queue = FrameQueue(use_depth=True, slop_s=0.05)
    queue.offer("a", 1.0, 0.0)
    queue.offer_depth("later", 1.2)
    assert taken(queue, 0.0) == ("a", None)
