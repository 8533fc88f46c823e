"""Replydesk: everything the product knows, and its HTTP way in (`service.web`)."""
