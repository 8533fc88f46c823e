"""Measurements that are run by hand, and what they print."""
