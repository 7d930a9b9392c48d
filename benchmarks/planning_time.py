"""How long from text and picture to the trajectory being sent, over real DDS.

    python benchmarks/planning_time.py [--image examples/coffee.jpg] [--runs 6]

One session is started, as `imaggen say` starts it; then the same sentence is performed several
times. Every run sees the picture anew (its stamp is new), plans, synthesizes, merges and sends.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from imaggen_cli.nodes.domain import PrivateDomain
from imaggen_perception import load_image


def main() -> None:
    """Print every run's planning time, their median and their maximum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--image", default="examples/coffee.jpg")
    parser.add_argument("--text", default="The saucer is round.")
    parser.add_argument("--robot", default="imaggen_humanoid")
    parser.add_argument("--runs", type=int, default=6)
    options = parser.parse_args()
    image = load_image(options.image)
    PrivateDomain().claim()
    from imaggen_cli.nodes.session import Session

    times = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Session(options.robot, ["seed:=0"], Path(folder) / "robot.log") as session,
    ):
        session.record(Path(folder) / "bag.mcap")
        session.wait_until_ready()
        for run in range(options.runs):
            result = session.perform(options.text, image, lambda *_: None)
            times.append(result.planning_time)
            print(f"run {run + 1}: {result.planning_time:.3f} s", flush=True)
    print(f"planning time: median {np.median(times):.3f} s, maximum {max(times):.3f} s")


if __name__ == "__main__":
    main()
