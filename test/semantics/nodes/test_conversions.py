import pytest

pytest.importorskip("imaggen_interfaces.msg")

from builtin_interfaces.msg import Time
from rclpy.serialization import deserialize_message, serialize_message
from semantics.scenes import pair_scene

from imaggen_interfaces.msg import GesturePlan as GesturePlanMsg
from imaggen_interfaces.msg import GestureSpec as GestureSpecMsg
from imaggen_semantics import MatcherConfig, SemanticsError, match
from imaggen_semantics.nodes.conversions import gesture_from_msg, plan_from_msg, plan_to_msg
from imaggen_speech import create_timing_source


def test_a_plan_survives_the_wire() -> None:
    utterance = create_timing_source("estimate").time_text("This box is tall.").utterance
    sent = match(pair_scene(), utterance, config=MatcherConfig(viewpoint="viewer"))
    message = plan_to_msg(sent, Time(sec=9), Time(sec=7))
    wire = deserialize_message(serialize_message(message), GesturePlanMsg)
    received = plan_from_msg(wire)
    assert (wire.header.stamp.sec, wire.scene.header.stamp.sec) == (9, 7)
    assert wire.header.frame_id == sent.scene.frame_id
    assert received.viewpoint == "viewer"
    assert [o.id for o in received.scene.objects] == ["circle", "rectangle"]
    assert [d.reason for d in received.dropped] == [d.reason for d in sent.dropped]
    for a, b in zip(received.gestures, sent.gestures, strict=True):
        assert (a.phrase, a.practice, a.hands, a.object_id, a.property, a.affiliate, a.reason) == (
            b.phrase, b.practice, b.hands, b.object_id, b.property, b.affiliate, b.reason,
        )  # fmt: skip
        assert a.stroke_start_s == pytest.approx(b.stroke_start_s, abs=1e-5)
        assert a.stroke_end_s == pytest.approx(b.stroke_end_s, abs=1e-5)


def test_a_gesture_without_a_stroke_is_refused() -> None:
    with pytest.raises(SemanticsError, match="must end after it starts"):
        gesture_from_msg(GestureSpecMsg(affiliate=[0]))
