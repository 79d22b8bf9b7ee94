"""The ``hub`` command, one file per noun."""
