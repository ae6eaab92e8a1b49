"""The command line's pure parts: files in, evaluations out."""
