import math

import pytest

from imaggen_semantics import MatcherConfig, SemanticsError


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"viewpoint": "mirror"}, "'speaker' or 'viewer'"),
        ({"lead_s": -0.01}, r"lead_s must be 0 .. 0.2 s"),
        ({"lead_s": 0.3}, r"lead_s must be 0 .. 0.2 s"),
        ({"drawing_s": 0.0}, "drawing_s must be positive"),
        ({"pointing_s": math.nan}, "pointing_s must be positive"),
        ({"min_gap_s": -1.0}, "min_gap_s must not be negative"),
    ],
)
def test_refused(changes: dict, message: str) -> None:
    with pytest.raises(SemanticsError, match=message):
        MatcherConfig(**changes)
