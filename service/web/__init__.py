"""The HTTP surface: routes, pages and their rendering."""
