// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {VoucherChannels} from "../../../contracts/channels/VoucherChannels.sol";
import {IVoucherChannels} from "../../../contracts/interfaces/IVoucherChannels.sol";
import {TestToken} from "../../../contracts/testing/TestToken.sol";
import {Channel} from "../../../contracts/types/Channel.sol";
import {Lane} from "../../../contracts/types/Lane.sol";
import {MoodyToken} from "../mocks/MoodyToken.sol";
import {vm} from "./Vm.sol";

/// @notice One payer, one payee, one lane; vouchers signed from the type strings alone, by none of the contracts' own code.
abstract contract ChannelsCase {
    uint256 internal constant NOW = 1_800_000_000;
    uint256 internal constant WINDOW = 1 days;
    uint256 internal constant PROMISE_WINDOW = 1 hours;
    uint256 internal constant SIGNER_KEY = 0xA11CE;
    uint256 internal constant ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint96 internal constant DEPOSIT = 1000;
    address internal constant NATIVE = address(0);

    VoucherChannels internal channels;
    TestToken internal token;
    address internal payer = address(0xFA4E4);
    address internal payee = address(0xFA4EE);
    address internal signer = vm.addr(SIGNER_KEY);
    address internal stranger = address(0x57A6E4);
    Channel internal channel;
    bytes32 internal channelId;

    function setUp() public virtual {
        vm.warp(NOW);
        channels = VoucherChannels(vm.deployCode("chain/artifacts/VoucherChannels.json"));
        token = new TestToken();
        token.mint(payer, type(uint104).max);
        vm.prank(payer);
        token.approve(address(channels), type(uint256).max);
        vm.deal(payer, type(uint104).max);
        use(address(token));
    }

    /// @dev From here on the lane is one in this token.
    function use(address token_) internal {
        channel = Channel(payer, payee, token_, signer, periods(WINDOW, PROMISE_WINDOW, 1));
        channelId = idOf(channel);
    }

    /// @dev A token that the payer has much of and has approved; so far it keeps the rules.
    function moodyToken() internal returns (MoodyToken made) {
        made = new MoodyToken();
        made.mint(payer, type(uint104).max);
        vm.prank(payer);
        made.approve(address(channels), type(uint256).max);
    }

    function periods(uint256 window, uint256 promiseWindow, uint256 salt) internal pure returns (uint256) {
        return window << 128 | promiseWindow << 96 | salt;
    }

    function idOf(Channel memory one) internal pure returns (bytes32) {
        return keccak256(abi.encode(one.payer, one.payee, one.token, one.signer, one.periods));
    }

    function open(uint96 amount) internal {
        uint256 value = channel.token == NATIVE ? amount : 0;
        vm.prank(payer);
        channels.open{value: value}(channel, amount);
    }

    function topUp(uint96 amount) internal {
        uint256 value = channel.token == NATIVE ? amount : 0;
        vm.prank(payer);
        channels.topUp{value: value}(channel, amount);
    }

    function claim(uint256 epoch, uint256 amount) internal {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, epoch, amount);
        channels.claim(channel, epoch, amount, r, vs);
    }

    function close(uint256 epoch, uint256 take, uint256 amount) internal {
        (bytes32 r, bytes32 vs) = sign(SIGNER_KEY, channelId, epoch, amount);
        vm.prank(payee);
        channels.close(channel, epoch, take, amount, r, vs);
    }

    function requestClose() internal {
        vm.prank(payer);
        channels.requestClose(channel);
    }

    function cancelClose() internal {
        vm.prank(payer);
        channels.cancelClose(channel);
    }

    /// @dev A row of claimMany for the lane with this salt; a signer of zero stands for the payer.
    function rowOf(uint256 key, address signer_, uint96 salt, bytes32 id, uint256 epoch, uint96 amount)
        internal
        view
        returns (IVoucherChannels.Claim memory row)
    {
        row.payerAndAmount = uint256(uint160(payer)) << 96 | amount;
        row.signerAndSalt = uint256(uint160(signer_)) << 96 | salt;
        (row.r, row.vs) = sign(key, id, epoch, amount);
    }

    function batchOf(uint256 rows) internal view returns (IVoucherChannels.Batch[] memory batches) {
        batches = new IVoucherChannels.Batch[](1);
        batches[0] = IVoucherChannels.Batch(
            payee, channel.token, WINDOW << 32 | PROMISE_WINDOW, new IVoucherChannels.Claim[](rows)
        );
    }

    function sign(uint256 key, bytes32 id, uint256 epoch, uint256 amount) internal view returns (bytes32, bytes32) {
        return signDigest(key, digestOf(separatorOf(block.chainid, address(channels)), id, epoch, amount, 0));
    }

    function signDigest(uint256 key, bytes32 digest) internal pure returns (bytes32 r, bytes32 vs) {
        uint8 v;
        bytes32 s;
        (v, r, s) = vm.sign(key, digest);
        vs = compact(v, uint256(s));
    }

    function compact(uint8 v, uint256 s) internal pure returns (bytes32) {
        return bytes32(s | uint256(v - 27) << 255);
    }

    function separatorOf(uint256 chain, address contract_) internal pure returns (bytes32) {
        bytes32 domain = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(domain, keccak256("Earnest"), keccak256("1"), chain, contract_));
    }

    function digestOf(bytes32 separator, bytes32 id, uint256 epoch, uint256 amount, bytes32 promises)
        internal
        pure
        returns (bytes32)
    {
        bytes32 kind = keccak256("Voucher(bytes32 channelId,uint32 epoch,uint96 cumulativeAmount,bytes32 promises)");
        return
            keccak256(abi.encodePacked(hex"1901", separator, keccak256(abi.encode(kind, id, epoch, amount, promises))));
    }

    function wordOf(uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch) internal pure returns (Lane) {
        return Lane.wrap(deposit | settled << 96 | closesAt << 192 | epoch << 224);
    }

    function reservedWord(uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch)
        internal
        pure
        returns (Lane)
    {
        return Lane.wrap(Lane.unwrap(wordOf(deposit, settled, closesAt, epoch)) | 1 << 255);
    }

    function assertLane(uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch) internal view {
        assertLane(deposit, settled, closesAt, epoch, false);
    }

    function assertLane(uint256 deposit, uint256 settled, uint256 closesAt, uint256 epoch, bool reserved)
        internal
        view
    {
        (uint256 deposit_, uint256 settled_, uint256 closesAt_, uint256 epoch_, bool reserved_) =
            channels.laneOf(channelId);
        vm.assertEq(deposit_, deposit, "deposit");
        vm.assertEq(settled_, settled, "settled");
        vm.assertEq(closesAt_, closesAt, "closesAt");
        vm.assertEq(epoch_, epoch, "epoch");
        vm.assertTrue(reserved_ == reserved, "reserved");
        Lane word =
            reserved ? reservedWord(deposit, settled, closesAt, epoch) : wordOf(deposit, settled, closesAt, epoch);
        vm.assertEq(vm.load(address(channels), channelId), bytes32(Lane.unwrap(word)), "word");
    }

    function balanceOf(address owner) internal view returns (uint256) {
        return channel.token == NATIVE ? owner.balance : TestToken(channel.token).balanceOf(owner);
    }

    function notOpen() internal view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherChannels.NotOpen.selector, channelId);
    }

    function notPayer(address caller) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IVoucherChannels.NotPayer.selector, caller, payer);
    }
}
