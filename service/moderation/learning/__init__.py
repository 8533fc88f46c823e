"""What a site's own decisions add to the shipped models: corrections, thresholds, and how sure they are."""
