"""Two-way channels: both deposit, both sign each state, the newest of which decides."""
