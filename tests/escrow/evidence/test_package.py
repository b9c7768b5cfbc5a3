import subprocess
import sys

import pytest

from escrow import evidence


def test_keeping_evidence_needs_neither_web3_nor_eth_abi() -> None:
    code = "import sys, escrow; escrow.ConsentBook; sys.exit(bool({'web3', 'eth_abi'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_public_name_exists() -> None:
    assert all(hasattr(evidence, name) for name in evidence.__all__)
    with pytest.raises(AttributeError):
        _ = evidence.Witnesses
