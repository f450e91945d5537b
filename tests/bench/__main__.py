"""`make bench`: every group in turn, in temporary folders, within two minutes."""

import tempfile
from pathlib import Path

from tests.bench.deciding import deciding
from tests.bench.funnel import funnels
from tests.bench.importing import importing
from tests.bench.letters import letters
from tests.bench.reading import reading
from tests.bench.replaying import replaying
from tests.bench.sealing import sealing
from tests.bench.stage import demo
from tests.bench.table import print_group, print_head
from tests.bench.walking import pages, steps
from tests.bench.wallets import wallets


def main() -> None:
    """Measure and print."""
    print_head()
    with tempfile.TemporaryDirectory(prefix="narthex-bench-") as name:
        folder = Path(name)
        print_group(deciding())
        with demo(folder / "var") as stage:
            print_group(reading(stage))
            print_group(steps(stage))
            print_group(pages(stage))
        print_group(wallets(folder / "wallet"))
        print_group(sealing())
        print_group(importing(folder))
        print_group(letters(folder))
        print_group(replaying(folder / "replaying"))
        print_group(funnels(folder / "replaying"))


if __name__ == "__main__":
    main()
