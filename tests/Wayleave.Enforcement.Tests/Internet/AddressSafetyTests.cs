using System.Net;
using Wayleave.Enforcement.Internet;

namespace Wayleave.Enforcement.Tests.Internet;

public class AddressSafetyTests
{
    [Theory]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.8.8.8", "loopback")]
    [InlineData("::1", "loopback")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("64:ff9b::7f00:1", "loopback")]
    [InlineData("169.254.1.1", "link-local")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("64:ff9b::a9fe:a9fe", "link-local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fd00:ec2::254", "a cloud's metadata service")]
    [InlineData("100.100.100.200", "a cloud's metadata service")]
    [InlineData("168.63.129.16", "a cloud's metadata service")]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("::", "unspecified")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("ff02::1", "multicast")]
    [InlineData("255.255.255.255", "reserved")]
    public void An_answer_may_not_open_it(string address, string why) => AddressSafety.RefusalOf(IPAddress.Parse(address)).ShouldBe(why);

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.1.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fd12::1")]
    public void An_answer_may_open_it(string address) => AddressSafety.RefusalOf(IPAddress.Parse(address)).ShouldBeNull();
}
