import random

from chain import LocalChain
from escrow import Terms


def _random_terms(seed: int) -> Terms:
    draw = random.Random(seed)

    def value(kind: str) -> str:
        if kind.startswith("uint"):
            return str(draw.getrandbits(int(kind[4:])))
        return "0x" + draw.randbytes(20 if kind == "address" else 32).hex()

    return Terms.from_json({member.camel: value(member.kind) for member in Terms.members})


def test_the_payment_id_is_the_contracts_for_any_terms(chain: LocalChain) -> None:
    domain = chain.domain("Escrow")

    for seed in range(40):
        terms = _random_terms(seed)
        assert chain.call("Escrow", "paymentIdOf", terms) == terms.payment_id(domain)
