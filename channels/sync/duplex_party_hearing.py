# Generated from channels/aio/duplex_party_hearing.py by make fix; edit that one.
"""What a party makes of the other's words."""

from collections.abc import Mapping
from typing import Any

from chain.errors import EarnestError, IllegalAction, InvalidMessage, Malformed
from chain.units import Amount, Hash32
from channels.duplex.errors import VersionNotNewer
from channels.duplex.party.matter import Matter, channel_of, require_from
from channels.duplex.party.records import Heard
from channels.duplex.session import DuplexSession, Known, Message, Proposal, Step, receive, refuse
from channels.duplex.session.errors import NotInStep, WrongBase
from channels.duplex.session.message import from_json
from channels.sync.duplex_party_base import Done, Least
from channels.sync.duplex_party_saying import DuplexPartySaying

Said = str | bytes | Mapping[str, Any]


class DuplexPartyHearing(DuplexPartySaying):
    """Cheap checks first: what the other party has not signed makes nobody ask the chain or a condition."""

    def hear(self, said: Said, *, least: Least | None = None) -> Heard:
        """Any message of the other party's, lost, late and repeated ones, too; what it `added` is ours for good.

        A proposal that can't be agreed to is refused in a form that nobody can take back, and where one of the two
        is behind our own place is shown: `refused` says why. A promise to us goes for less than all of it only if
        `least` names it. Raises `InvalidValue` for what is no message, and what `receive` raises of the rest.
        """
        message = from_json(said)
        channel = self._channel(channel_of(message))
        key = channel.signer_b if self._is_a(channel) else channel.signer_a
        require_from(message, self._duplexes.domain, key)
        done, refused = self._answered(message, self._least(channel, least))
        token = self.chain.token(channel.token)
        return Heard(answers=tuple(done.said), added=token.units(done.added), undone=done.undone, refused=refused)

    def refuse(self, said: Said) -> list[str]:
        """No to a proposal, instead of hearing it: once that is answered, what was proposed can never come back.

        Raises `InvalidValue` for any other message, and what the session's `refuse` raises.
        """
        message = from_json(said)
        if not isinstance(message, Proposal):
            raise Malformed("message", "only a proposal can be refused")
        return (self._refused(message)).said

    def _answered(self, message: Message, least: Mapping[Hash32, Amount]) -> tuple[Done, EarnestError | None]:
        def rule(session: DuplexSession, known: Known) -> Step:
            return receive(session, message, known)

        try:
            return self._take(channel_of(message), Matter.said(message), rule, least), None
        except (NotInStep, VersionNotNewer, WrongBase) as lost:
            return self._resumed(channel_of(message)), lost
        except (IllegalAction, InvalidMessage) as unwelcome:
            if not isinstance(message, Proposal):
                raise
            return self._refused(message), unwelcome

    def _refused(self, proposal: Proposal) -> Done:
        def rule(session: DuplexSession, known: Known) -> Step:
            return refuse(session, proposal, known)

        return self._take(channel_of(proposal), Matter(plain=True), rule)
