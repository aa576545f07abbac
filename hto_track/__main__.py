"""``python -m hto_track``: the same as the console script."""

from hto_track.cli.main import main

main()
