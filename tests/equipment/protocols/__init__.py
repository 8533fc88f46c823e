"""Services outside of our walls that speak their protocol as the real ones do, on the loopback."""
