"""Labelled synthetic texts for scoring: templates of their own, which no trained part and no gazetteer was made from."""
