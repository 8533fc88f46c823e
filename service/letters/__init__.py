"""Mail to readers: what is said, in which language, as plain text and as HTML, with one-click unsubscribe."""
