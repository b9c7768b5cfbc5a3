"""A condition on a chain in this process: the carrier's word or two of three friends pay the shop, and nobody else."""

from earnest import Chain, Escrow, Signer, Terms
from earnest import conditions as c

with Chain.local() as chain:
    ann, shop, carrier, bob, usdc = *(Signer.generate() for _ in range(4)), chain.token("USDC")
    chain.fund(ann.address, usdc="500")
    chain.fund(shop.address, usdc="0")
    delivered = c.attestation(by=carrier.address, says="delivered")
    friends = c.approvals(2, of=[ann.address, bob.address, carrier.address])
    condition = delivered | friends
    terms = Terms.conditional(
        payer=ann.address,
        payee=shop.address,
        amount=usdc("120"),
        expiry=chain.after(days=14),
        if_expired="payer",
        condition=condition,
    )
    print(terms.explain(usdc, condition=condition))
    payment = Escrow(chain, ann).authorize(terms)
    proof = condition.proof(friends.proof([friends.approve(payment, who) for who in (ann, bob)]))
    print(f"The proof releases {Escrow(chain, shop).released(payment, proof)}")  # before any gas is spent
    payment = Escrow(chain, shop).resolve(payment, proof)
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
