"""Errors of the simulation room."""


class SimulationError(ValueError):
    """A robot or trajectory that cannot be simulated; the message says what to do."""


class GoalRejected(SimulationError):
    """A trajectory that the controller does not accept.

    Attributes:
        code: of the FollowJointTrajectory result (INVALID_GOAL, INVALID_JOINTS, ...).
    """

    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


class RenderingUnavailable(SimulationError):
    """No OpenGL for pictures; names the system packages that bring it."""
