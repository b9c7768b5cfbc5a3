"""A merchant under a supervisor that starts it again whenever it dies: requests on standard input, answers on output.

A request accepts a voucher, then delivers once for its key. Lines: `{"up": pid, "accepted": units}` at each start,
`{"kept": id}` where the request says hold (then it hangs before the answer), `{"id": ..., "delivered": units}`.
"""

import json
import os
import sys
import time
from typing import Any

from chain import Chain, Signer
from channels import Payee


def say(**words: Any) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


def serve(url: str, key: str, store: str) -> None:
    with Chain.connect("local", [url]) as chain, Payee(chain, Signer.from_key(key), store) as till:
        usdc = chain.token(os.environ["TOKEN"])
        say(up=os.getpid(), accepted=sum(lane.accepted.units for lane in till.lanes()))
        for line in sys.stdin:
            try:
                request = json.loads(line)
            except ValueError:  # The rest of a line whose beginning died with the last merchant.
                continue
            credit = till.accept(request["voucher"])
            if request["hold"]:
                say(kept=request["id"])
                time.sleep(60)
            lane_id = bytes.fromhex(request["voucher"]["voucher"]["channelId"][2:])
            done = till.deliver(lane_id, usdc.units(request["price"]), key=request["id"])  # type: ignore[arg-type]
            say(id=request["id"], delivered=done.delivered.units, accepted=credit.accepted.units)


def main() -> None:
    while True:
        child = os.fork()
        if child == 0:
            serve(*sys.argv[1:])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main()
