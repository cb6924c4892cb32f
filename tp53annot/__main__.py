"""``python -m tp53annot``."""

from tp53annot.cli import main

if __name__ == "__main__":
    main()
