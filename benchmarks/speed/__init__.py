"""How fast Earnest is off chain: rounds in turns, so that a noisy machine is noisy for all."""
