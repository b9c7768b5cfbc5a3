import subprocess
import sys

import channels


def test_importing_channels_brings_neither_web3_nor_the_escrow() -> None:
    code = (
        "import sys, channels, channels.aio.payee, channels.stores.opening;"
        "print(*[name for name in ('web3', 'asyncpg', 'eth_account', 'eth_abi', 'escrow') if name in sys.modules])"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == []


def test_every_public_name_is_there() -> None:
    for name in channels.__all__:
        assert getattr(channels, name) is not None
