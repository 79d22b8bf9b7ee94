"""What people say on the demo bank's calls: sentences from templates, and whole conversations from scripts."""

from demo.dialogues.grammar import Grammar, Sentence, grammar, sentences
from demo.dialogues.scripts import Script, ScriptTurn, converse, load_scripts
from demo.dialogues.unit import Facts, Unit

__all__ = [
    "Facts",
    "Grammar",
    "Script",
    "ScriptTurn",
    "Sentence",
    "Unit",
    "converse",
    "grammar",
    "load_scripts",
    "sentences",
]
