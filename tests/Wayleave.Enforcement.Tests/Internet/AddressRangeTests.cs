using Wayleave.Api;
using Wayleave.Enforcement.Internet;
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
    public void Writes_an_address_or_a_range_in_CIDR_notation(string text, string range) =>
        Read(text).Internet!.Ranges.ShouldBe([range]);

    [Theory]
    [InlineData("203.0.113.5/24", "has host bits set; use 203.0.113.0/24 for the range or 203.0.113.5 for the address")]
    [InlineData("2001:db8::1/64", "has host bits set; use 2001:db8::/64 for the range or 2001:db8::1 for the address")]
    [InlineData("10.0.0.0/33", "has a prefix length that is not a number from 0 to 32; correct it")]
    [InlineData("10.0.0.0/+8", "has a prefix length that is not a number from 0 to 32; correct it")]
    [InlineData("::/129", "has a prefix length that is not a number from 0 to 128; correct it")]
    [InlineData("fe80::1%eth0", "has an IPv6 zone, which a network policy cannot express; leave it out")]
    [InlineData("::ffff:203.0.113.7", "is an IPv4 address in IPv6 form; write it like 203.0.113.7")]
    [InlineData("10.1", "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    [InlineData("010.0.0.1", "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    [InlineData("0x7f000001", "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    [InlineData("[::1]", "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    [InlineData("everywhere", "is neither an address nor a range; write it like 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    [InlineData("", "is empty; give an address or a range, or remove the entry")]
    public void Rejects_an_invalid_range_and_says_how_to_fix_it(string text, string problem)
    {
        Read(text).Result.ShouldBe(TargetResult.Failed(Reasons.InvalidSpec, $"spec.targets[0].internet.ips[0]: \"{text}\" {problem}"));
        Read(["203.0.113.7"], [text]).Result
            .ShouldBe(TargetResult.Failed(Reasons.InvalidSpec, $"spec.targets[0].internet.except[0]: \"{text}\" {problem}"));
    }

    [Fact]
    public void Reports_a_null_entry_as_empty()
    {
        Read([null!], null).Result!.Message
            .ShouldBe("spec.targets[0].internet.ips[0]: is empty; give an address or a range, or remove the entry");
        Read(["10.0.0.0/8"], [null!]).Result!.Message
            .ShouldBe("spec.targets[0].internet.except[0]: is empty; give an address or a range, or remove the entry");
    }

    [Fact]
    public void Each_range_leaves_out_the_exceptions_that_lie_within_it() =>
        Read(["0.0.0.0/0", "10.0.0.0/8", "2001:db8::/32"], ["10.1.0.0/16", "2001:db8:1::/48", "192.0.2.1", "10.1.0.0/16"]).Internet!
            .Blocks.ShouldBe(
        [
            new AddressBlock("0.0.0.0/0", ["10.1.0.0/16", "192.0.2.1/32"]),
            new AddressBlock("10.0.0.0/8", ["10.1.0.0/16"]),
            new AddressBlock("2001:db8::/32", ["2001:db8:1::/48"]),
        ]);

    [Theory]
    [InlineData("192.168.0.0/16", "\"192.168.0.0/16\" is not inside any range of ips")]
    [InlineData("2001:db8::/32", "\"2001:db8::/32\" is not inside any range of ips")]
    [InlineData("10.0.0.0/8", "\"10.0.0.0/8\" leaves nothing of ips[0] \"10.0.0.0/8\"")]
    [InlineData("0.0.0.0/0", "\"0.0.0.0/0\" leaves nothing of ips[0] \"10.0.0.0/8\"")]
    [InlineData("203.0.113.7", "\"203.0.113.7\" leaves nothing of ips[1] \"203.0.113.7\"")]
    public void Rejects_an_exception_that_is_in_no_range_or_leaves_nothing_of_one(string except, string problem) =>
        Read(["10.0.0.0/8", "203.0.113.7"], [except]).Result
            .ShouldSatisfyAllConditions(
                result => result!.Reason.ShouldBe(Reasons.InvalidSpec),
                result => result!.Message!.ShouldStartWith($"spec.targets[0].internet.except[0]: {problem}; remove "));

    [Fact]
    public void Rejects_an_exception_without_ips() =>
        Read(new InternetTarget { Domains = ["api.example.com"], Except = ["10.0.0.0/8"] }).Result!.Message!
            .ShouldStartWith("spec.targets[0].internet.except[0]: \"10.0.0.0/8\" is not inside any range of ips");

    private static DeclaredTarget Read(string ip) => Read([ip], null);

    private static DeclaredTarget Read(List<string> ips, List<string>? except) => Read(new InternetTarget { Ips = ips, Except = except });

    private static DeclaredTarget Read(InternetTarget target) =>
        Given.Intents("checkout", new IntentTarget { Internet = target }).Parse().Targets[0];
}
