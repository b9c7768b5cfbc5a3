"""What arrives at once is done at once: calls in batches, signatures in chunks."""
