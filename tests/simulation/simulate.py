"""Simulate weeks of ringing under faults, one world for each seed and mode; a seed that fails replays exactly.

python tests/simulation/simulate.py --seeds 20 --occurrences 2000
python tests/simulation/simulate.py --first 12 --seeds 1 --mode queue --occurrences 1500   # replay one
"""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tests.simulation.checks import check
from tests.simulation.world import MODES, Mode, Plan, World


def simulate(plan: Plan) -> World:
    """Run one world to its end and check it; `witness.violations` says what was wrong."""
    world = World(plan)
    try:
        world.run()
        check(world)
    finally:
        world.close()
    return world


def main() -> int:
    """Run them all; 0 when every promise was kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="how many seeds (default 5)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--mode", choices=MODES, help="queue (AWS), lease (one box) or lease-two; default: all three")
    parser.add_argument("--occurrences", type=int, default=2000, help="about how many rings each world has (default 2000)")
    parser.add_argument("--sleepers", type=float, default=0.0, help="share of rings before which sleep is recorded (0.0)")
    given = parser.parse_args()
    modes: tuple[Mode, ...] = (given.mode,) if given.mode else MODES
    failed = total = 0
    for seed in range(given.first, given.first + given.seeds):
        for mode in modes:
            started_at = time.perf_counter()
            world = simulate(Plan(seed, mode, given.occurrences, sleepers=given.sleepers))
            lives, wrong = len(world.witness.lives), world.witness.violations
            total += lives
            failed += bool(wrong)
            faults = sum(world.faults.counts.values())
            seconds = time.perf_counter() - started_at
            early = sum(life.early_ring > 0 for life in world.witness.lives.values())
            told = f"{lives} rings, {early} early, {faults} faults, {seconds:.0f} s, {len(wrong)} wrong"
            print(f"seed {seed} {mode}: {told}", flush=True)
            for text in wrong:
                print(f"  WRONG {text}")
            if wrong:
                replay = f"--first {seed} --seeds 1 --mode {mode} --occurrences {given.occurrences}"
                replay += f" --sleepers {given.sleepers}" if given.sleepers else ""
                print(f"  replay: python tests/simulation/simulate.py {replay}", flush=True)
    print(f"{total} rings simulated; {failed} worlds with something wrong.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
