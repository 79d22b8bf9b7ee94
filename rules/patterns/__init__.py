"""Pattern operators, one file each. All times are log times; "within" always means at most that far apart."""
