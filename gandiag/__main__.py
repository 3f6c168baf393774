"""``python -m gandiag`` is the command line."""

from gandiag.cli import main

if __name__ == "__main__":
    main()
