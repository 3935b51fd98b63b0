"""Make `import smartalarm` work in this virtual environment, straight from the source tree (a .pth file, no copy)."""

import argparse
import sysconfig
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "layers" / "domain" / "python"


def main() -> None:
    """Write the .pth file."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    target = Path(sysconfig.get_paths()["purelib"]) / "smartalarm.pth"
    target.write_text(f"{PACKAGE}\n")


if __name__ == "__main__":
    main()
