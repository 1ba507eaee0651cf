"""The learning curve: ``python training/curve.py 1000 2000 4000``.

Trains with ever more texts, drawn at random, everything else as in reader.toml, and prints the scores on the tune set.
What is done already is not done again: each training keeps its checkpoints in build/curve.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
_SHOWN = ("pairs", "root", "act", "happened_p", "happened_r", "status", "roles")


def main() -> None:
    """Train and print."""
    command = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    command.add_argument("texts", type=int, nargs="+")
    command.add_argument("--base", type=Path)
    asked = command.parse_args()
    for number in asked.texts:
        work = HERE.parent / "build" / "curve" / str(number)
        result = work / "weights" / "training.json"
        if not result.exists():
            base = ["--base", str(asked.base)] if asked.base else []
            line = [sys.executable, str(HERE / "train_reader.py"), "--texts", str(number), "--work", str(work)]
            subprocess.run([*line, "--out", str(work / "weights"), *base], check=True, stdout=sys.stderr)
        scores = json.loads(result.read_text(encoding="utf-8"))["scores"]
        print(f"| {number} | " + " | ".join(f"{scores[name]:.3f}" for name in _SHOWN) + " |", flush=True)


if __name__ == "__main__":
    main()
