"""The schema, as plain SQL files that are applied in order, forward only."""
