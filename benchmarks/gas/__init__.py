"""Gas of whole transactions, from receipts, on the embedded chain; every run gives the same numbers."""
