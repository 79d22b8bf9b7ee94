"""What counts as a recording, for every room that meets one."""

from __future__ import annotations

RECORDING_SUFFIXES = (
    ".wav", ".wave", ".mp3", ".m4a", ".mp4", ".aac", ".3gp", ".ogg", ".opus", ".oga", ".flac", ".amr", ".awb", ".wma",
    ".aif", ".aiff", ".caf", ".au", ".ulaw", ".ul", ".mulaw", ".alaw", ".al", ".gsm", ".w64", ".webm", ".mka", ".mkv",
)  # fmt: skip
HEADERLESS = {".ulaw": "mulaw", ".ul": "mulaw", ".mulaw": "mulaw", ".alaw": "alaw", ".al": "alaw"}
"""Bare G.711, mono at 8 kHz: the only recordings whose extension says what they are, because their bytes do not."""
HEADERLESS_HZ = 8_000

PLAUSIBLE_HZ = range(4_000, 400_000)
"""Sampling rates that sound is recorded at; a header that says one hertz would make hours of a few bytes."""
MAX_CHANNELS = 8

DEMUXERS = (
    "wav,w64,aiff,au,caf,mp3,aac,mov,mp4,m4a,3gp,ogg,opus,flac,amr,amrnb,amrwb,matroska,webm,asf,wv,g722,gsm,alaw,mulaw"
)
"""FFmpeg's demuxers that read a recording and nothing else: playlists, which name other files or addresses, are off."""
OPEN_OPTIONS = {
    "format_whitelist": DEMUXERS,
    "protocol_whitelist": "file",
    "enable_drefs": "0",
    "use_absolute_path": "0",
}
"""How FFmpeg opens a recording: that file, no other, and nothing on the network."""
