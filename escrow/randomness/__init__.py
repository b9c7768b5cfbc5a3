"""The one place of this package that is not a function of its arguments."""
