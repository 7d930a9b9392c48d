import math

import pytest
from semantics.scenes import make_object

from imaggen_perception.scene import SymmetryAxis
from imaggen_semantics.hands import drawing_hands, near_hand


@pytest.mark.parametrize(
    ("angle_deg", "score", "height", "hands"),
    [
        (0, 0.95, 100, "both"),
        (-15, 0.80, 100, "both"),
        (16, 0.95, 100, "right"),
        (90, 0.95, 100, "right"),
        (0, 0.79, 100, "right"),
        (0, 0.95, 390, "both"),
        (0, 0.95, 410, "right"),
    ],
)
def test_both_hands_need_an_upright_axis(
    angle_deg: float, score: float, height: float, hands: str
) -> None:
    axis = SymmetryAxis(math.radians(angle_deg), score)
    assert drawing_hands(make_object(axis=axis, center=(500, 240), height=height)) == hands


def test_without_symmetry_the_side_decides() -> None:
    assert drawing_hands(make_object(axis=None, center=(100, 240))) == "left"


@pytest.mark.parametrize(("x", "hand"), [(100, "left"), (320, "either"), (340, "either"),
                                         (540, "right")])  # fmt: skip
def test_near_hand(x: float, hand: str) -> None:
    assert near_hand(make_object(center=(x, 240))) == hand
