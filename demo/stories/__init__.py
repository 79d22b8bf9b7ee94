"""Behaviour stories: one module each, named as the scenario it sets off. A new module is cast without any other change.

A module has a ``STORY``. Of every fifty customers, ``players`` live it through and ``near_misses`` just do not.
"""

from demo.stories.story import Story, load_stories

__all__ = ["Story", "load_stories"]
