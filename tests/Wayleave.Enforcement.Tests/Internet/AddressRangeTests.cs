using Wayleave.Api;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Tests.Internet;

public class AddressRangeTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7/32")]
    [InlineData("203.0.113.0/24", "203.0.113.0/24")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("2001:DB8:0:0::/32", "2001:db8::/32")]
    [InlineData("::/0", "::/0")]
    public void An_address_or_a_range_is_written_as_a_range(string text, string range) =>
        Read(text).Internet!.Ranges.ShouldBe([range]);

    [Theory]
    [InlineData("203.0.113.5/24", "the address has bits beyond its prefix (write 203.0.113.0/24 for the range, or 203.0.113.5 for the one address)")]
    [InlineData("2001:db8::1/64", "the address has bits beyond its prefix (write 2001:db8::/64 for the range, or 2001:db8::1 for the one address)")]
    [InlineData("10.0.0.0/33", "the length of the prefix is from 0 to 32 (correct it)")]
    [InlineData("10.0.0.0/+8", "the length of the prefix is from 0 to 32 (correct it)")]
    [InlineData("::/129", "the length of the prefix is from 0 to 128 (correct it)")]
    [InlineData("fe80::1%eth0", "an address has no zone (leave it out)")]
    [InlineData("::ffff:203.0.113.7", "this is an IPv4 address in IPv6 form (write 203.0.113.7)")]
    [InlineData("10.1", "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)")]
    [InlineData("010.0.0.1", "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)")]
    [InlineData("0x7f000001", "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)")]
    [InlineData("[::1]", "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)")]
    [InlineData("everywhere", "this is neither an address nor a range (write 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32)")]
    public void What_cannot_be_a_range_is_refused_with_the_mend(string text, string problem) =>
        Read(text).Verdict.ShouldBe(Verdict.Failed(Reasons.InvalidSpec, $"spec.targets[0].internet.ips[0]: \"{text}\": {problem}"));

    private static DeclaredTarget Read(string ip) =>
        DeclaredTargets.Read(Given.Intents("checkout", new IntentTarget { Internet = new InternetTarget { Ips = [ip] } }))[0];
}
