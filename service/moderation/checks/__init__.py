"""One file per check, named by what it looks for."""
