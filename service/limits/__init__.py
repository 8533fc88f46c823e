"""How much one network, author, page or site may send in a time; it never turns into "unlimited"."""
