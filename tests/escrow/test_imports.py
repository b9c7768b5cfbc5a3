import subprocess
import sys


def test_importing_escrow_imports_neither_web3_nor_eth_abi() -> None:
    code = "import sys, escrow; escrow.Terms, escrow.transition; sys.exit(bool({'web3', 'eth_abi'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_clients_can_be_named_from_the_package() -> None:
    import escrow

    assert escrow.Escrow.__module__ == "escrow.sync.client"
    assert escrow.AsyncEscrow.__module__ == "escrow.aio.client"


def test_every_public_name_exists() -> None:
    import escrow

    assert all(hasattr(escrow, name) for name in escrow.__all__)
    assert not hasattr(escrow, "Escrows")
