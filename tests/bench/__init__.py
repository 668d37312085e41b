"""What `make bench` runs: how long the work takes, each figure beside one from the same run."""
