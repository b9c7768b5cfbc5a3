"""A channel on a chain in this process: one deposit, a hundred payments off chain, one transaction to end it."""

from datetime import timedelta

from earnest import Chain, Payee, Payer, Signer

with Chain.local() as chain:
    ann, shop, usdc = Signer.generate(), Signer.generate(), chain.token("USDC")
    chain.fund(ann.address, usdc="10")
    chain.fund(shop.address, usdc="0")
    with Payer(chain, ann, store=":memory:") as wallet, Payee(chain, shop, store=":memory:") as till:
        lane = wallet.open(shop.address, deposit=usdc("10"), closing_period=timedelta(days=1))
        for number in range(100):
            till.accept(wallet.pay(lane, usdc("0.01")))
            till.deliver(lane, usdc("0.01"), key=f"request {number}")
        till.close(lane)
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
