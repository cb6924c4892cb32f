"""``python -m tp53annot`` and the console script: signals in hand first, then the command line."""

import gc
import os

from tp53annot.system import signals
from tp53annot.system.descriptors import open_standard

# Modules and tables live as long as the program: collecting while they are loaded is a seventh of its start.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000

LINE = b"tp53annot: interrupted; finished samples stay, --resume goes on\n"


def main() -> None:
    """Run the command line."""
    open_standard()
    # No matrix is multiplied here: the threads that numpy starts for it cost as much as all else of its import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    signals.take_in_hand(130, LINE)
    from tp53annot.cli import main as command_line

    try:
        command_line()
    finally:  # all is written: a signal while the interpreter ends must not change the exit code
        signals.ignore()


if __name__ == "__main__":
    main()
