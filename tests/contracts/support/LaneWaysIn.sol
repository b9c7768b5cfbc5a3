// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IFunding} from "../../../contracts/interfaces/IFunding.sol";
import {DepositAuthorization} from "../../../contracts/types/ChannelFunding.sol";
import {MoodyParty} from "../mocks/MoodyParty.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {LaneVerbs} from "./LaneVerbs.sol";
import {Permit2} from "./Permit2.sol";
import {vm} from "./Vm.sol";

/// @notice All the calls that bring a lane's money in, told apart only by a number; the payer says yes to everything.
abstract contract LaneWaysIn is LaneVerbs {
    enum WayIn {
        OPEN,
        OPEN_BY_ERC3009,
        OPEN_BY_PERMIT2,
        TOP_UP,
        TOP_UP_BY_ERC3009,
        TOP_UP_BY_PERMIT2
    }

    uint256 internal constant WAYS = 6;
    uint96 internal constant AMOUNT = 100_003;

    MoodyParty internal party = new MoodyParty();
    MoodyToken internal moody;

    function setUp() public virtual override {
        payer = address(party);
        super.setUp();
        Permit2.deploy();
        moody = moodyToken();
        vm.prank(payer);
        moody.approve(Permit2.PLACE, type(uint256).max);
        use(address(moody));
    }

    function topsUp(WayIn way) internal pure returns (bool) {
        return way >= WayIn.TOP_UP;
    }

    function byERC3009(WayIn way) internal pure returns (bool) {
        return way == WayIn.OPEN_BY_ERC3009 || way == WayIn.TOP_UP_BY_ERC3009;
    }

    /// @dev The call that takes AMOUNT; a lane to be topped up is open by then.
    function bring(WayIn way) internal returns (address caller, bytes memory data) {
        if (topsUp(way)) open(DEPOSIT);
        if (way == WayIn.OPEN) return (payer, abi.encodeCall(channels.open, (channel, AMOUNT)));
        if (way == WayIn.TOP_UP) return (payer, abi.encodeCall(channels.topUp, (channel, AMOUNT)));
        IFunding.Method method = byERC3009(way) ? IFunding.Method.ERC3009 : IFunding.Method.PERMIT2;
        DepositAuthorization memory yes = DepositAuthorization(method, 0, LATEST, new bytes(97));
        return (
            stranger,
            topsUp(way)
                ? abi.encodeCall(channels.topUpBySig, (channel, AMOUNT, yes))
                : abi.encodeCall(channels.openBySig, (channel, AMOUNT, yes))
        );
    }
}
