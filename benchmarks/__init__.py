"""What Earnest costs on chain and how fast it is off chain; apart from the tests, which are never timed."""
