"""`python -m blaljus` is the same as `blaljus`."""

from blaljus.cli import main

main()
