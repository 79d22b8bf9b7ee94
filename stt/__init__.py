"""Call audio to transcript: decode, find speech, recognise, cut into turns by role."""
