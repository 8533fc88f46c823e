"""Training and measuring the classifiers from folders of labelled comments; never imported by a worker."""
