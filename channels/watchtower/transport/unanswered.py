"""When a tower has not answered, whatever the HTTP library says; a URL's secrets never enter the reason."""


class Unanswered(Exception):
    """No answer."""
