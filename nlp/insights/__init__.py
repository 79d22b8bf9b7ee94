"""Conversations become facts: intents, life events, complaints, products, each with its sentence and time."""

from nlp.insights.reader import LexiconCallReader

__all__ = ["LexiconCallReader"]
