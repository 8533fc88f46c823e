"""Two classifiers of our own, spam and abuse: offline, explained, small enough to live in every worker."""
