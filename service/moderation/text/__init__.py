"""A text seen as it is meant: the views that matchers read, what stands in it, and how it was disguised."""
