"""Errors of the motion room."""


class MotionError(ValueError):
    """A robot, plan or path that cannot be used; the message says what to do."""


class RobotDescriptionError(MotionError):
    """The URDF cannot be read, or has nothing to gesture with."""


class UnreachablePath(MotionError):
    """A stroke that the arm cannot follow, even after every permitted adjustment."""


class LimitError(MotionError):
    """A trajectory that exceeds a joint limit; carries the joint, the value and the bound."""

    def __init__(self, joint: str, quantity: str, value: float, bound: float, time_s: float):
        self.joint, self.quantity, self.value, self.bound = joint, quantity, value, bound
        self.time_s = time_s
        super().__init__(
            f"{quantity} of {joint} reaches {value:.4g} at {time_s:.2f} s, beyond its limit"
            f" {bound:.4g}; slow the trajectory down or correct the robot profile"
        )
