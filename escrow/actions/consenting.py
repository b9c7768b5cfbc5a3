"""What the verbs have in common that somebody may do by signature."""

from dataclasses import dataclass

from chain.units import Address


@dataclass(frozen=True, kw_only=True, slots=True)
class Consenting:
    """A party consents by calling or by its signature, which anybody may bring.

    `wallets` are the parties whose contract vouches for what they sign here (ERC-1271): only the chain can be asked.
    """

    caller: Address
    wallets: frozenset[Address] = frozenset()
