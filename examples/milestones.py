"""A job in two steps on a chain in this process: one transaction funds both, each ends by itself."""

from earnest import Agreement, Chain, Escrow, Signer, Step
from earnest import conditions as c

with Chain.local() as chain:
    ann, shop, usdc = Signer.generate(), Signer.generate(), chain.token("USDC")
    chain.fund(ann.address, usdc="5000")
    chain.fund(shop.address, usdc="0")
    trial = c.after_time(chain.after(days=30))
    job = Agreement.milestones(
        payer=ann.address,
        payee=shop.address,
        if_expired="payer",
        steps={
            "design": Step(amount=usdc("500"), expiry=chain.after(days=14)),  # Ann releases it
            "build": Step(amount=usdc("2500"), expiry=chain.after(days=60), condition=trial),
        },
    )
    deal = Escrow(chain, ann).authorize_all(job)
    design = Escrow(chain, ann).release(deal["design"], up_to=usdc("400"))
    Escrow(chain, shop).void(design, up_to=usdc("100"))  # the shop gives the last hundred back
    chain.travel(to=trial.time)
    Escrow(chain, shop).resolve(deal["build"], trial.proof())
    print(f"Ann has {chain.balance(usdc, ann.address)}, the shop {chain.balance(usdc, shop.address)}")
