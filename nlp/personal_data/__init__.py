"""Personal data in text is found and masked."""

from nlp.personal_data.redactor import PresidioRedactor, mask

__all__ = ["PresidioRedactor", "mask"]
