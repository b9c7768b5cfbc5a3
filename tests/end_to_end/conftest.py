import pytest


@pytest.fixture(params=["eth-tester", pytest.param("anvil", marks=pytest.mark.anvil)])
def earnest_backend(request: pytest.FixtureRequest) -> str:
    """Every story is told on both chains."""
    return str(request.param)
