"""The only door to services outside: everything that the product asks over HTTP goes through here."""
