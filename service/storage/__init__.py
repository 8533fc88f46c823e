"""The only room with SQL; its functions take a connection, so the caller owns the transaction."""
