"""The project's own path solver: a coarse warm-started descent, then the whole path at once.

The first pass places every fourth waypoint by damped least squares, each from the one before; the
second solves all waypoints together by Gauss-Newton with a penalty on the second derivative, which
trades hand orientation for smooth joints and cannot drift as a greedy pass does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.linalg import solveh_banded

from imaggen_motion.ik.goals import PathGoals, Weights
from imaggen_motion.ik.solver import PathSolution, TipPath, register_solver
from imaggen_motion.robot_model import Arm

FloatArray = NDArray[np.float64]
# Cost of a first waypoint above which a better basin is looked for; a good one costs about 0.05,
# and a miss of 1 mm alone costs 1.
_POOR_COST = 0.3


@dataclass(frozen=True)
class WholePath:
    """Follow a path with one arm.

    Attributes:
        starts: random starts of the first waypoint where the seed and the nominal posture fail.
        coarse_step: waypoints between those of the first pass.
        iterations: of the second pass, at most.
        tolerance: largest joint step at which a pass is done [rad].
    """

    weights: Weights = Weights()
    starts: int = 4
    coarse_step: int = 4
    iterations: int = 15
    tolerance: float = 3e-4

    def solve_path(
        self, arm: Arm, path: TipPath, nominal: FloatArray, seed: FloatArray
    ) -> PathSolution:
        """Follow the path; see `IkSolver.solve_path`."""
        goals = PathGoals(arm, path, nominal, self.weights)
        q = self._coarse(goals, nominal, seed)
        if len(q) >= 3:
            q = self._refine(goals, q)
        residual, _ = goals.linearise(q, slice(None))
        return PathSolution(q, goals.miss(q), float((residual**2).sum() / len(q)))

    # -- first pass -------------------------------------------------------------------------

    def _coarse(self, goals: PathGoals, nominal: FloatArray, seed: FloatArray) -> FloatArray:
        """All waypoints (K, n), interpolated between every few that are solved one by one."""
        count = len(goals.points)
        some = np.unique(np.append(np.arange(0, count, self.coarse_step), count - 1))
        found = np.empty((len(some), len(nominal)))
        found[0] = self._best_first(goals, nominal, seed)
        for i, k in enumerate(some[1:], start=1):
            found[i], _ = self._descend(goals, int(k), found[i - 1], iterations=10)
        if len(some) < 3:
            return np.asarray(found[np.searchsorted(some, np.arange(count))])
        return np.clip(
            CubicSpline(some, found, axis=0)(np.arange(count)), goals.arm.lower, goals.arm.upper
        )

    def _best_first(self, goals: PathGoals, nominal: FloatArray, seed: FloatArray) -> FloatArray:
        """The cheapest first posture; random starts are tried only if the usual ones fail."""
        arm = goals.arm

        def descend(starts: list[FloatArray]) -> tuple[FloatArray, float]:
            found = [self._descend(goals, 0, start, iterations=30) for start in starts]
            return min(found, key=lambda pair: pair[1])

        best, cost = descend([seed, nominal])
        if cost < _POOR_COST:
            return best
        spread = np.random.default_rng(0).uniform(arm.lower, arm.upper, (self.starts, len(seed)))
        # Half-way to the nominal posture: random enough to leave a bad basin, near enough to be a
        # posture that looks like the robot's own.
        other, other_cost = descend(
            [np.clip(0.5 * (q + nominal), arm.lower, arm.upper) for q in spread]
        )
        return best if cost <= other_cost else other

    def _descend(
        self, goals: PathGoals, k: int, start: FloatArray, iterations: int
    ) -> tuple[FloatArray, float]:
        """Levenberg-Marquardt from `start` at waypoint k: posture (n,) and cost."""
        rows, damping, q = slice(k, k + 1), 1e-6, start
        residual, jacobian = (array[0] for array in goals.linearise(q[None], rows))
        cost = float(residual @ residual)
        for _ in range(iterations):
            normal = jacobian.T @ jacobian
            normal.flat[:: len(normal) + 1] += damping * np.trace(normal) / len(normal)
            step = np.linalg.solve(normal, -(jacobian.T @ residual))
            candidate = np.clip(q + step, goals.arm.lower, goals.arm.upper)
            new_residual, new_jacobian = (a[0] for a in goals.linearise(candidate[None], rows))
            new_cost = float(new_residual @ new_residual)
            moved = float(np.abs(candidate - q).max())
            if new_cost < cost:
                q, residual, jacobian, cost = candidate, new_residual, new_jacobian, new_cost
                damping = max(1e-9, damping / 10)
            else:
                damping *= 10
            if moved < 10 * self.tolerance or damping > 1e3:
                break
        return q, cost

    # -- second pass ------------------------------------------------------------------------

    def _refine(self, goals: PathGoals, q: FloatArray) -> FloatArray:
        """Damped Gauss-Newton on all waypoints (K, n) at once."""
        count, size = q.shape
        smoothing = (
            _second_difference_gram(count) * (goals.weights.smoothness * (count - 1) ** 2) ** 2
        )
        damping = 1e-6
        residual, jacobian = goals.linearise(q, slice(None))
        cost = _total_cost(residual, q, smoothing)
        for _ in range(self.iterations):
            gradient = np.einsum("kmn,km->kn", jacobian, residual) + smoothing @ q
            normal = jacobian.transpose(0, 2, 1) @ jacobian
            normal[:, np.arange(size), np.arange(size)] += damping * float(
                np.trace(normal, axis1=1, axis2=2).mean() / size
            )
            banded = _banded(normal, smoothing)
            step = solveh_banded(banded, -gradient.ravel(), lower=True).reshape(q.shape)
            candidate = np.clip(q + step, goals.arm.lower, goals.arm.upper)
            new_residual, new_jacobian = goals.linearise(candidate, slice(None))
            new_cost = _total_cost(new_residual, candidate, smoothing)
            moved = float(np.abs(candidate - q).max())
            if new_cost < cost:
                q, residual, jacobian, cost = candidate, new_residual, new_jacobian, new_cost
                damping = max(1e-10, damping / 10)
            else:
                damping *= 30
            if moved < self.tolerance or damping > 1e3:
                break
        return q


def _total_cost(residual: FloatArray, q: FloatArray, smoothing: FloatArray) -> float:
    return float((residual**2).sum() + np.einsum("kn,kl,ln->", q, smoothing, q))


def _second_difference_gram(count: int) -> FloatArray:
    """D^T D of the second difference, (count, count), five diagonals."""
    difference = np.zeros((count - 2, count))
    rows = np.arange(count - 2)
    for offset, value in ((0, 1.0), (1, -2.0), (2, 1.0)):
        difference[rows, rows + offset] = value
    return difference.T @ difference


def _banded(blocks: FloatArray, smoothing: FloatArray) -> FloatArray:
    """Lower banded form of block-diagonal `blocks` (K, n, n) plus smoothing between waypoints."""
    count, size, _ = blocks.shape
    banded = np.zeros((2 * size + 1, count * size))
    by_column = banded.reshape(2 * size + 1, count, size)
    for column in range(size):
        for row in range(column, size):
            by_column[row - column, :, column] = blocks[:, row, column]
    for apart in range(min(3, count)):
        diagonal = np.diagonal(smoothing, -apart)
        by_column[apart * size, : count - apart, :] += diagonal[:, None]
    return banded


register_solver("whole_path", WholePath)
