"""Train the demo model: synthetic speech in, a Whisper model for CTranslate2 out.

Needs the optional extra ``train`` (torch); nothing outside this package imports it.

    corpus    sentences, spoken, become clips with the time of every word and phoneme
    tokens    the tokenizer: one token per Hangul syllable, digits one by one, Whisper's special tokens
    network   the Whisper architecture, small, with heads that help training only
    signal    telephone line, noise and log-mel, on batches
    windows   clips laid into windows, and what the decoder should say about them
    losses    next token, phonemes, CTC, guided attention
    trainer   the loop: seeded by step, so that a run that was stopped goes on as if it had not been
    export    a checkpoint as a directory that faster-whisper loads
"""
