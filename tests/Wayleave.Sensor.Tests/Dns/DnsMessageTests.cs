using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Tests.Support;

namespace Wayleave.Sensor.Tests.Dns;

public sealed class DnsMessageTests
{
    [Fact]
    public void Reads_the_addresses_of_a_name()
    {
        var read = Read(new DnsBytes("API.Example.com").WithAddress("api.example.COM", "192.0.2.1", 300).WithAddress("api.example.com", "192.0.2.2", 30));
        read.Name.ShouldBe("api.example.com");
        read.Addresses.ShouldBe(["192.0.2.1", "192.0.2.2"]);
        read.Ttl.ShouldBe(30u);
    }

    [Fact]
    public void Reads_IPv6_addresses() =>
        Read(new DnsBytes("api.example.com", DnsBytes.Aaaa).WithAddress("api.example.com", "2001:db8::1")).Addresses.ShouldBe(["2001:db8::1"]);

    [Fact]
    public void Gives_the_name_that_was_asked_at_the_end_of_a_chain_of_aliases()
    {
        var read = Read(new DnsBytes("www.example.com")
            .WithCname("www.example.com", "cdn.example.net", 20)
            .WithCname("cdn.example.net", "edge.example.org", 10)
            .WithAddress("edge.example.org", "192.0.2.9", 60));
        read.Name.ShouldBe("www.example.com");
        read.Addresses.ShouldBe(["192.0.2.9"]);
        read.Ttl.ShouldBe(10u);
    }

    [Fact]
    public void Ignores_addresses_of_names_that_the_chain_does_not_lead_to() =>
        Read(new DnsBytes("www.example.com").WithAddress("www.example.com", "192.0.2.1").WithAddress("bank.example", "198.51.100.6"))
            .Addresses.ShouldBe(["192.0.2.1"]);

    [Fact]
    public void Follows_pointers_backwards()
    {
        var message = new DnsBytes("api.example.com").With([0xc0, 12], DnsBytes.A, 60, [192, 0, 2, 1]);
        Read(message).Addresses.ShouldBe(["192.0.2.1"]);
    }

    [Theory]
    [InlineData(0xc0, 33)] // itself
    [InlineData(0xc0, 60)] // behind it
    [InlineData(0xff, 0xff)]
    public void Drops_pointers_that_do_not_lead_backwards(byte first, byte second)
    {
        var message = new DnsBytes("api.example.com").With([first, second], DnsBytes.A, 60, [192, 0, 2, 1]).ToArray();
        GetResult(message).ShouldBe(DnsResult.Unparsed);
    }

    [Fact]
    public void Drops_a_chain_of_more_than_128_pointers()
    {
        // 64 names in a chain of pointers each, in the data of one record that is skipped.
        static byte[] Chain(int count) =>
            [.. Enumerable.Range(0, count).SelectMany(index => (byte[])[(byte)(0xc0 | ((Start(index) >> 8) & 0x3f)), (byte)Start(index)])];
        static int Start(int index) => index == 0 ? 12 : 45 + ((index - 1) * 2);
        DnsBytes Message(int count)
        {
            var last = 45 + ((count - 1) * 2);
            return new DnsBytes("api.example.com")
                .With([0], 99, 60, [0, .. Chain(count)])
                .With([(byte)(0xc0 | (last >> 8)), (byte)last], DnsBytes.A, 60, [192, 0, 2, 1]);
        }

        GetResult(Message(100).ToArray()).ShouldBe(DnsResult.Answer);
        GetResult(Message(140).ToArray()).ShouldBe(DnsResult.Unparsed);
    }

    [Fact]
    public void Drops_more_than_64_records()
    {
        var message = new DnsBytes("a.example");
        for (var index = 0; index < 65; index++)
        {
            message.WithAddress("a.example", $"192.0.2.{index}");
        }

        GetResult(message.ToArray()).ShouldBe(DnsResult.Unparsed);
    }

    [Fact]
    public void Drops_names_that_are_too_long_or_no_host_names()
    {
        var label = new string('a', 63);
        var longest = $"{label}.{label}.{label}.{new string('a', 61)}";
        GetResult(new DnsBytes(longest).WithAddress(longest, "192.0.2.1").ToArray()).ShouldBe(DnsResult.Answer);
        GetResult(new DnsBytes($"{longest}a").WithAddress($"{longest}a", "192.0.2.1").ToArray()).ShouldBe(DnsResult.Unparsed);
        GetResult(new DnsBytes("a b.example").WithAddress("a b.example", "192.0.2.1").ToArray()).ShouldBe(DnsResult.Unparsed);
        GetResult(new DnsBytes("_service.example").WithAddress("_service.example", "192.0.2.1").ToArray()).ShouldBe(DnsResult.Answer);
    }

    [Fact]
    public void Has_nothing_for_failures_and_reverse_lookups()
    {
        GetResult(new DnsBytes("cart.shop.svc.cluster.local", responseCode: 3).ToArray()).ShouldBe(DnsResult.Nothing);
        GetResult(new DnsBytes("1.2.0.192.in-addr.arpa", DnsBytes.Ptr).With(DnsBytes.Name("1.2.0.192.in-addr.arpa"), DnsBytes.Ptr, 60, DnsBytes.Name("host.example")).ToArray())
            .ShouldBe(DnsResult.Nothing);
        GetResult(new DnsBytes("1.2.0.192.in-addr.arpa").WithAddress("1.2.0.192.in-addr.arpa", "192.0.2.1").ToArray()).ShouldBe(DnsResult.Nothing);
    }

    [Fact]
    public void Reads_TCP_answers_that_fit_the_first_segment()
    {
        var message = new DnsBytes("api.example.com").WithAddress("api.example.com", "192.0.2.1");
        Read(message.ToSegment(), isTcp: true).Addresses.ShouldBe(["192.0.2.1"]);
        Read(message.ToArray(), isTcp: true).Addresses.ShouldBe(["192.0.2.1"], "the length was in a segment of its own");
        GetResult(message.ToSegment()[..^4], isTcp: true).ShouldBe(DnsResult.Unparsed);
        GetResult([0, 60], isTcp: true).ShouldBe(DnsResult.Nothing);
    }

    [Fact]
    public void Is_bounded_and_never_throws_on_a_million_inputs()
    {
        byte[][] seeds =
        [
            new DnsBytes("api.example.com").With([0xc0, 12], DnsBytes.A, 60, [192, 0, 2, 1]).ToArray(),
            new DnsBytes("www.example.com").WithCname("www.example.com", "cdn.example.net").With(DnsBytes.Name("cdn.example.net"), DnsBytes.Aaaa, 5, new byte[16]).ToSegment(),
            new DnsBytes("a.b").With([0xc0, 14], DnsBytes.Cname, 60, [1, (byte)'x', 0xc0, 12]).WithAddress("x.b", "192.0.2.1").ToArray(),
        ];
        var random = new Random(2);
        var answers = 0;
        Span<char> name = stackalloc char[DnsName.MaxLength];
        for (var run = 0; run < 1_000_000; run++)
        {
            var answer = new DnsAnswer(name);
            var bytes = Mutation.Mutate(random, seeds[run % seeds.Length]);
            var result = run % 2 == 0 ? DnsMessage.Read(bytes, ref answer) : DnsMessage.ReadSegment(bytes, ref answer);
            if (result == DnsResult.Answer)
            {
                answers++;
                if (answer.Count is < 1 or > DnsAnswer.MaxAddresses || answer.Name.Length is < 1 or > DnsName.MaxLength || answer.Name.ContainsAnyInRange('A', 'Z'))
                {
                    Assert.Fail($"run {run}: {answer.Count} addresses of {answer.Name}");
                }
            }
        }

        answers.ShouldBeGreaterThan(1000);
    }

    private static DnsResult GetResult(byte[] message, bool isTcp = false)
    {
        var answer = new DnsAnswer(new char[DnsName.MaxLength]);
        return isTcp ? DnsMessage.ReadSegment(message, ref answer) : DnsMessage.Read(message, ref answer);
    }

    private static ReadAnswer Read(DnsBytes message) => Read(message.ToArray());

    private static ReadAnswer Read(byte[] message, bool isTcp = false)
    {
        var answer = new DnsAnswer(new char[DnsName.MaxLength]);
        (isTcp ? DnsMessage.ReadSegment(message, ref answer) : DnsMessage.Read(message, ref answer)).ShouldBe(DnsResult.Answer);
        return new ReadAnswer(answer.Name.ToString(), [.. answer.Addresses.ToArray().Select(address => address.ToString())], answer.Ttl);
    }

    private sealed record ReadAnswer(string Name, IReadOnlyList<string> Addresses, uint Ttl);
}
