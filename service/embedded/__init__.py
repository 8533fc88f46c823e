"""`make run`: one supervisor that brings its own Postgres and Redis and runs the whole product.

Only the standard library is imported in this room, so that it starts fast and `make clean` needs no venv.
"""
