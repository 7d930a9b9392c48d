from __future__ import annotations

import numpy as np
import pytest

from imaggen_motion import synthesize
from imaggen_motion.beats import AccentBeats, add_beats, beat_support
from imaggen_motion.merge import hold_until, merge
from imaggen_speech.utterance import Utterance, Word

from .conftest import ellipse, make_gesture, make_object, make_plan


def speech(prominences, spacing=0.8) -> Utterance:
    words = tuple(
        Word(f"w{i}", spacing * i, spacing * i + 0.5, spacing * i + 0.2, p)
        for i, p in enumerate(prominences)
    )
    return Utterance("x", words, spacing * len(prominences) + 0.5)


def idle(robot, until):
    return hold_until(synthesize(make_plan(make_object(ellipse())), robot), until)


def test_beats_fall_on_accented_words_only():
    beats = AccentBeats().propose(speech([0.0, 0.9, 0.1, 0.7]), np.random.default_rng(0))
    assert [b.word for b in beats] == [1, 3]
    assert [b.apex_s for b in beats] == [pytest.approx(1.0), pytest.approx(2.6)]


def test_close_accents_keep_the_stronger_one():
    beats = AccentBeats().propose(speech([0.6, 0.9, 0.5], 0.3), np.random.default_rng(0))
    assert [b.word for b in beats] == [1]


def test_the_hand_is_lowest_at_the_apex(humanoid):
    utterance = speech([0.0, 1.0, 0.0])
    base = idle(humanoid, 3.0)
    beats = AccentBeats().propose(utterance, np.random.default_rng(0))
    moved, performed = add_beats(base, beats, humanoid)
    assert performed == beats
    side = beats[0].sides[0]
    arm = humanoid.arm(side, "relaxed")
    columns = humanoid.joint_index(arm.joint_names)
    height = np.array([arm.tip_pose(q)[0][2] for q in moved.position[:, columns]])
    apex = moved.time[height.argmin()]
    assert abs(apex - beats[0].apex_s) < 0.08
    assert 0.02 < np.ptp(height) < 0.2


def test_beats_are_additive_and_confined(humanoid):
    base = idle(humanoid, 4.0)
    beats = AccentBeats().propose(speech([0, 1, 0, 1]), np.random.default_rng(1))
    moved, performed = add_beats(base, beats, humanoid)
    outside = np.ones(len(base.time), dtype=bool)
    for beat in performed:
        start, end = beat_support(beat)
        outside &= (base.time < start) | (base.time > end)
    assert np.array_equal(moved.position[outside], base.position[outside])
    # Velocity is the derivative of position: the channel is consistent.
    numeric = np.gradient(moved.position, moved.time, axis=0)
    assert np.abs(numeric - moved.velocity)[2:-2].max() < 0.02


def test_a_stroke_is_never_disturbed(humanoid):
    gestures = synthesize(make_plan(make_object(ellipse()), make_gesture()), humanoid)
    performance = merge(gestures, speech([1.0] * 6, 0.6), humanoid, np.random.default_rng(2))
    busy = [p for p in gestures.phases if p.name != "post_stroke_hold"]
    merged = performance.trajectory
    for phase in busy:
        inside = (gestures.time >= phase.start_s) & (gestures.time <= phase.end_s)
        arm = humanoid.joint_index(humanoid.arm_joints[phase.hands])
        same = merged.position[: len(gestures.time)][inside][:, arm]
        assert np.array_equal(same, gestures.position[inside][:, arm])


def test_the_same_seed_gives_the_same_motion(humanoid):
    gestures = synthesize(make_plan(make_object(ellipse())), humanoid)
    runs = [
        merge(gestures, speech([1, 0, 1]), humanoid, np.random.default_rng(5)).trajectory.position
        for _ in range(2)
    ]
    assert np.array_equal(*runs)


def test_holding_covers_the_whole_utterance(humanoid):
    held = hold_until(synthesize(make_plan(make_object(ellipse())), humanoid), 6.0)
    assert held.time[-1] >= 6.0
    assert np.allclose(held.position[-1], humanoid.rest)
