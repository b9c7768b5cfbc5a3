"""A dispute on a chain in this process: the goods came broken, the arbiter gives the shop a quarter."""

from datetime import timedelta

from earnest import Chain, Escrow, PayeeShare, Signer, Terms

with Chain.local() as chain:
    ann, shop, judge, usdc = Signer.generate(), Signer.generate(), Signer.generate(), chain.token("USDC")
    chain.fund(ann.address, usdc="500")
    chain.fund(shop.address, usdc="0")
    terms = Terms.purchase(
        payer=ann.address,
        payee=shop.address,
        amount=usdc("120"),
        expiry=chain.after(days=14),
        if_expired="payee",
        arbiter=judge.address,
        ruling_period=timedelta(days=7),
        if_arbiter_silent="payer",
    )
    payment = Escrow(chain, ann).authorize(terms)
    payment = Escrow(chain, ann).dispute(payment)
    ruling = Escrow(chain, judge).sign_ruling(payment, PayeeShare(bps=2_500))  # signed off chain, with no gas
    payment = Escrow(chain, shop).submit(ruling)  # anybody may bring it
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
