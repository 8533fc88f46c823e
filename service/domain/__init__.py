"""Plain values and rules; no input, no output."""
