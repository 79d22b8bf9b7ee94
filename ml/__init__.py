"""Learning: point-in-time training sets, training, evaluation, the registry and recommendations."""
