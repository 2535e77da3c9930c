using System.Net;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Tests.Internet;

public class AddressFilterTests
{
    [Theory]
    [InlineData("127.0.0.1", "a loopback address")]
    [InlineData("127.8.8.8", "a loopback address")]
    [InlineData("::1", "a loopback address")]
    [InlineData("::ffff:127.0.0.1", "a loopback address")]
    [InlineData("64:ff9b::7f00:1", "a loopback address")]
    [InlineData("2002:7f00:1::", "a loopback address")]
    [InlineData("::127.0.0.1", "a loopback address")]
    [InlineData("64:ff9b:1::127.0.0.1", "a loopback address")]
    [InlineData("2002:a9fe:a9fe::1", "a link-local address")]
    [InlineData("169.254.1.1", "a link-local address")]
    [InlineData("169.254.169.254", "a link-local address")]
    [InlineData("64:ff9b::a9fe:a9fe", "a link-local address")]
    [InlineData("fe80::1", "a link-local address")]
    [InlineData("fd00:ec2::254", "a cloud's metadata service")]
    [InlineData("100.100.100.200", "a cloud's metadata service")]
    [InlineData("168.63.129.16", "a cloud's metadata service")]
    [InlineData("0.0.0.0", "an unspecified address")]
    [InlineData("::", "the unspecified address")]
    [InlineData("224.0.0.1", "a multicast address")]
    [InlineData("ff02::1", "a multicast address")]
    [InlineData("255.255.255.255", "a reserved address")]
    public void Refuses_an_unsafe_address_with_a_reason(string address, string why) => AddressFilter.GetBlockReason(IPAddress.Parse(address)).ShouldBe(why);

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.1.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fd12::1")]
    public void Allows_public_and_private_addresses(string address) => AddressFilter.GetBlockReason(IPAddress.Parse(address)).ShouldBeNull();

    [Theory]
    [InlineData("10.244.3.7", "10.244.0.0/16")]
    [InlineData("::ffff:10.244.3.7", "10.244.0.0/16")]
    [InlineData("64:ff9b::10.244.3.7", "10.244.0.0/16")]
    [InlineData("10.96.0.1", "10.96.0.0/12")]
    [InlineData("fd00:10:244::7", "fd00:10:244::/56")]
    [InlineData("10.245.0.1", null)]
    [InlineData("203.0.113.7", null)]
    [InlineData("fd00:11::7", null)]
    public void Finds_the_cluster_range_of_an_address_in_every_form(string address, string? range) =>
        AddressFilter.FindClusterRange(IPAddress.Parse(address), _cluster)?.ToString().ShouldBe(range);

    private static readonly IPNetwork[] _cluster =
        [IPNetwork.Parse("10.244.0.0/16"), IPNetwork.Parse("10.96.0.0/12"), IPNetwork.Parse("fd00:10:244::/56")];
}
