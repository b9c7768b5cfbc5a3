"""Two of three arbiters on a chain in this process: each signs alone, off chain, and anybody brings their ruling."""

from datetime import timedelta

from earnest import ArbiterPanel, Chain, Escrow, Panels, PayeeShare, Signer, Terms

with Chain.local() as chain:
    ann, shop, usdc = Signer.generate(), Signer.generate(), chain.token("USDC")
    ada, ben, cyd = (Signer.generate() for _ in range(3))
    panel = ArbiterPanel(members=[ada.address, ben.address, cyd.address], threshold=2)
    chain.fund(ann.address, usdc="500")
    chain.fund(shop.address, usdc="0")
    terms = Terms.purchase(
        payer=ann.address,
        payee=shop.address,
        amount=usdc("120"),
        expiry=chain.after(days=14),
        if_expired="payee",
        arbiter=panel.address,  # known before anybody has made the panel
        ruling_period=timedelta(days=7),
        if_arbiter_silent="payer",
    )
    buyer, seller = Escrow(chain, ann), Escrow(chain, shop)
    payment = buyer.dispute(buyer.authorize(terms))
    ruling = seller.ruling(payment, PayeeShare(bps=7_500))
    words = [panel.sign(ruling.message, payment.domain, member) for member in (ada, cyd)]
    Panels(chain, shop).create(panel)
    payment = seller.submit(ruling.vouched(panel.address, panel.signature(words)))
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
