"""An escrow on a chain in this process: Ann pays, the shop takes a part of it and gives the rest back."""

from earnest import Chain, Escrow, Signer, Terms

with Chain.local() as chain:
    ann, shop, usdc = Signer.generate(), Signer.generate(), chain.token("USDC")
    chain.fund(ann.address, usdc="500")
    chain.fund(shop.address, usdc="0")
    terms = Terms.card(
        payer=ann.address,
        payee=shop.address,
        operator=shop.address,
        amount=usdc("120"),
        expiry=chain.after(days=14),
        if_expired="payer",
    )
    print(terms.explain(usdc))
    payment = Escrow(chain, ann).authorize(terms, accept=["operator-is-payee"])  # a risk is taken by its name
    payment = Escrow(chain, shop).capture(payment, up_to=usdc("30"))
    payment = Escrow(chain, shop).void(payment)
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
