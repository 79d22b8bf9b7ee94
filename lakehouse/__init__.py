"""The lakehouse room: declared tables, the batch from bronze to gold, identity and features."""
