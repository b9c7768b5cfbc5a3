"""What the shell of a two-way channel's party hands in and out: values, nothing of the outside world."""
