"""A trained tagger of names, addresses and secrets: what the rules of the detectors do not foresee.

``units`` cuts a text, ``features`` says what surrounds each unit, ``tagger`` finds values with the weights that ``hub pii train`` makes.
"""
