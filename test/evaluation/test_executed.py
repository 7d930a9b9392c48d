"""Executed paths by forward kinematics."""

import numpy as np
import pytest

from imaggen_evaluation import Bag, BagError, EvaluationError, executed_path, read_bag
from imaggen_evaluation.mcap_file import McapFile

START = 1_700_000_000.0


def test_fingertip_goes_where_the_joints_say(arm_bag: Bag) -> None:
    path = executed_path(arm_bag, "tip")
    assert path.time.shape == (152,)
    assert path.points.shape == (152, 3)
    turn = path.points[:101]
    np.testing.assert_allclose(np.linalg.norm(turn, axis=1), 0.5, atol=1e-12)
    angles = np.linspace(-np.pi, np.pi, 101) * 0.95
    np.testing.assert_allclose(turn[:, 1], 0.5 * np.sin(angles), atol=1e-12)
    # The continuous elbow, bent by half a turn, brings the tip back to 0.3 m - 0.2 m.
    np.testing.assert_allclose(path.points[-1], [0.1, 0.0, 0.0], atol=1e-12)


def test_window_is_by_the_stamps_of_the_joint_states(arm_bag: Bag) -> None:
    path = executed_path(arm_bag, "lower", START + 0.1, START + 0.2)
    assert len(path.time) == pytest.approx(11, abs=1)
    assert START + 0.1 <= path.time[0] < path.time[-1] <= START + 0.2
    part = executed_path(arm_bag, "lower").between(START + 0.1, START + 0.2)
    np.testing.assert_array_equal(part.points, path.points)


def test_what_cannot_be_measured_is_said(arm_bag: Bag, tmp_path) -> None:
    with pytest.raises(EvaluationError, match="no frame 'thumb'; name one of its links"):
        executed_path(arm_bag, "thumb")
    with pytest.raises(EvaluationError, match="no joint states between"):
        executed_path(arm_bag, "tip", START + 100, START + 101)
    empty = read_bag(McapFile(tmp_path / "empty.mcap").close())
    with pytest.raises(BagError, match="no topic /robot_description; it has none"):
        executed_path(empty, "tip")
