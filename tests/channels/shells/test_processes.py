import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from chain import LocalChain, Signer
from channels import Payer

DEPOSIT = 1_500


def test_two_processes_that_pay_from_one_wallet_sign_every_amount_once_and_none_beyond_the_deposit(
    served: LocalChain, tmp_path: Path
) -> None:
    secret, shop = "0x" + "5a" * 32, Signer.generate()
    ann, usdc = Signer.from_key(secret), served.token("USDC")
    served.fund(ann.address)
    with Payer(served, ann, tmp_path / "wallet.db") as wallet:
        lane = wallet.open(shop.address, usdc.units(DEPOSIT), timedelta(hours=1))
        script = Path(__file__).with_name("paying.py")
        command = [sys.executable, str(script), served.serve(), secret, str(tmp_path / "wallet.db"), usdc.address]
        workers = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
        ]
        for worker in workers:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write("go\n")
            worker.stdin.flush()
        signed: list[list[int]] = [json.loads(worker.communicate()[0]) for worker in workers]

        assert sorted(signed[0] + signed[1]) == list(range(1, DEPOSIT + 1))
        assert all(amounts == sorted(amounts) for amounts in signed)
        assert min(map(len, signed)) > 0, "both have paid"
        assert wallet.show(lane).left == usdc.units(0)
