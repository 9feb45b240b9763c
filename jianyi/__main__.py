"""`python -m jianyi` is `jianyi`."""

from jianyi.cli import main

main()
