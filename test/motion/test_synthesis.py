from __future__ import annotations

import numpy as np
import pytest

from imaggen_motion import MotionError, synthesize

from .conftest import ellipse, make_gesture, make_object, make_plan, rectangle


def executed(trajectory, robot, side, name="stroke", gesture=0):
    """Fingertip positions (n, 3) of one phase by forward kinematics."""
    phase = next(
        p for p in trajectory.phases if p.name == name and p.hands == side and p.gesture == gesture
    )
    inside = (trajectory.time >= phase.start_s) & (trajectory.time <= phase.end_s)
    arm = robot.arm(side, "index")
    columns = robot.joint_index(arm.joint_names)
    return np.array([arm.tip_pose(q)[0] for q in trajectory.position[inside][:, columns]])


def test_one_hand_draws_a_closed_circle(robot):
    thing = make_object(ellipse(), symmetric=False)
    trajectory = synthesize(make_plan(thing, make_gesture(hands="right")), robot)
    path = executed(trajectory, robot, "right")
    width, height = np.ptp(path[:, 1]), np.ptp(path[:, 2])
    assert width == pytest.approx(height, rel=0.03)
    assert np.linalg.norm(path[0] - path[-1]) < 0.02 * width
    middle = (path.max(axis=0) + path.min(axis=0)) / 2
    radius = np.linalg.norm(path[:, 1:] - middle[1:], axis=1)
    assert radius.std() < 0.03 * radius.mean()
    assert np.ptp(path[:, 0]) < 0.01  # an upright plane


@pytest.mark.parametrize("aspect", [0.25, 0.5, 2.0])
def test_two_hands_keep_the_aspect(robot, aspect):
    thing = make_object(rectangle(aspect))
    trajectory = synthesize(make_plan(thing, make_gesture()), robot)
    both = np.vstack([executed(trajectory, robot, side) for side in ("left", "right")])
    assert np.ptp(both[:, 1]) / np.ptp(both[:, 2]) == pytest.approx(aspect, rel=0.08)


def test_two_hands_move_as_mirror_images(humanoid):
    trajectory = synthesize(make_plan(make_object(ellipse()), make_gesture()), humanoid)
    left, right = (executed(trajectory, humanoid, side) for side in ("left", "right"))
    assert np.abs(left * [1, -1, 1] - right).max() < 0.004
    assert (left[:, 1] > 0).all() and (right[:, 1] < 0).all()
    assert left[0, 2] > left[-1, 2] + 0.2  # from the top down


def test_the_stroke_starts_when_the_plan_says(robot):
    for onset in (0.0, 0.7, 2.5):
        gesture = make_gesture(stroke_start_s=onset, stroke_end_s=onset + 1.2)
        trajectory = synthesize(make_plan(make_object(ellipse()), gesture), robot)
        stroke = next(p for p in trajectory.phases if p.name == "stroke")
        assert stroke.start_s == pytest.approx(onset)
        assert stroke.end_s >= onset + 1.2 - 1e-9
        # The arm stands still as the stroke begins, and has been on its way before.
        at = np.argmin(np.abs(trajectory.time - onset))
        assert np.abs(trajectory.velocity[at]).max() < 0.05
        assert trajectory.time[0] <= 0.0


def test_the_viewers_side_is_mirrored(humanoid):
    leaning = np.array([[-0.5, -0.5], [0.1, -0.5], [0.5, 0.5], [-0.1, 0.5]])
    thing = make_object(leaning, symmetric=False)
    paths = {}
    for viewpoint in ("speaker", "viewer"):
        plan = make_plan(thing, make_gesture(hands="right"), viewpoint=viewpoint)
        paths[viewpoint] = executed(synthesize(plan, humanoid), humanoid, "right")
    for viewpoint, leans_right in (("speaker", True), ("viewer", False)):
        path = paths[viewpoint]
        top, bottom = path[path[:, 2].argmax()], path[path[:, 2].argmin()]
        assert (top[1] < bottom[1]) == leans_right  # y is the robot's left


@pytest.mark.parametrize("bearing", [(0.5, 0.1, 1.0), (-0.5, 0.2, 1.0), (0.0, 0.0, 1.0)])
def test_pointing_aims_at_the_object(humanoid, bearing):
    from imaggen_motion.practices.indexing import target_point

    thing = make_object(ellipse(), bearing=bearing)
    gesture = make_gesture(
        phrase="deictic", practice="indexing", hands="either", property="position"
    )
    trajectory = synthesize(make_plan(thing, gesture), humanoid)
    side = trajectory.phases[0].hands
    assert side == ("left" if bearing[0] < -0.1 else "right")
    tip = executed(trajectory, humanoid, side)[-1]
    arm = humanoid.arm(side, "index")
    line, wanted = tip - arm.shoulder, target_point(humanoid, thing) - arm.shoulder
    cosine = line @ wanted / np.linalg.norm(line) / np.linalg.norm(wanted)
    assert np.degrees(np.arccos(np.clip(cosine, -1, 1))) < 1.0


def test_successive_gestures_blend_without_rest(humanoid):
    thing = make_object(ellipse(), symmetric=False)
    first = make_gesture(hands="right", stroke_start_s=0.5, stroke_end_s=1.7)
    second = make_gesture(hands="right", stroke_start_s=4.0, stroke_end_s=5.2)
    trajectory = synthesize(make_plan(thing, first, second), humanoid)
    names = [p.name for p in trajectory.phases]
    assert names.count("stroke") == 2 and names.count("retraction") == 1
    far = make_gesture(hands="right", stroke_start_s=9.0, stroke_end_s=10.2)
    trajectory = synthesize(make_plan(thing, first, far), humanoid)
    assert [p.name for p in trajectory.phases].count("retraction") == 2


def test_a_gesture_that_comes_too_soon_is_dropped_with_a_reason(humanoid):
    thing = make_object(ellipse(), symmetric=False)
    first = make_gesture(hands="right", stroke_start_s=0.5, stroke_end_s=1.7)
    soon = make_gesture(hands="right", stroke_start_s=2.0, stroke_end_s=3.2)
    trajectory = synthesize(make_plan(thing, first, soon), humanoid)
    assert [d.gesture for d in trajectory.dropped] == [soon]
    assert "busy" in trajectory.dropped[0].reason


def test_fingers_point_in_the_stroke_and_relax_after(humanoid):
    trajectory = synthesize(make_plan(make_object(ellipse()), make_gesture()), humanoid)
    stroke = next(p for p in trajectory.phases if p.name == "stroke")
    at = np.argmin(np.abs(trajectory.time - stroke.start_s))
    posture = dict(zip(trajectory.joint_names, trajectory.position[at], strict=True))
    assert posture["right_index_proximal_joint"] == pytest.approx(0.0, abs=0.03)
    assert posture["right_fingers_proximal_joint"] > 1.2
    assert np.allclose(trajectory.position[-1], humanoid.rest)


def test_a_start_that_does_not_fit_is_refused(humanoid):
    with pytest.raises(MotionError, match="start posture"):
        synthesize(make_plan(make_object(ellipse())), humanoid, start=np.zeros(3))
