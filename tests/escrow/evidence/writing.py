"""Writes messages and consents into a journal that others use too, and says what it was answered.

Arguments: file, payment as JSON, payee's key, a name, how many rounds. A line on standard input starts it.
"""

import json
import os
import sys

from chain.signer import Signer
from chain.units import Amount, Seconds
from escrow import Payment
from escrow.evidence import ConsentBook, JournalFile
from escrow.messages import Settle

NOW = 2_000_000_000


def say(**words: str) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


def main() -> None:
    path, text, key, name, rounds = sys.argv[1:]
    payment, payee = Payment.from_json(json.loads(text)), Signer.from_key(key)
    with JournalFile(path) as file:
        journal, book = file.open(payment), ConsentBook(file)
        sys.stdin.readline()
        for number in range(int(rounds)):
            said, signature = journal.say(f"{name} {number}", payee)
            say(said=said.hash.hex(), signed=signature.hash.hex())
            settle = Settle(payment_id=payment.payment_id, to_payer=Amount(number), deadline=Seconds(NOW + len(name)))
            say(consent=book.sign(settle, payment, payee, Seconds(NOW), latest=payment.holding).hex())


if __name__ == "__main__":
    main()
