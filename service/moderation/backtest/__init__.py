"""What another policy would have decided about comments that were checked before."""
