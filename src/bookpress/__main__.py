"""`python -m bookpress` -> the command line."""

from bookpress.cli import main

if __name__ == "__main__":
    main()
