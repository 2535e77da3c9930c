using Google.Protobuf;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest.Tests;

/// <summary>
/// A million bodies that a hostile sensor may send: random bytes, and batches in which bytes or fields were changed. Each is either refused or
/// read to something that is valid by rules written down here a second time, and each item is either kept or counted.
/// </summary>
public sealed class BatchFuzzTests
{
    private const int Inputs = 1_000_000;
    private const int Chunk = 10_000;
    private const int CompressedOneIn = 10;

    [Fact]
    public void A_million_hostile_bodies_let_nothing_invalid_through()
    {
        var (accepted, refused) = (0, 0);
        Parallel.For(0, Inputs / Chunk, seed =>
        {
            var random = new Random(seed);
            for (var i = 0; i < Chunk; i++)
            {
                if (Judge(Create(random), random.Next(CompressedOneIn) == 0, seed, i))
                {
                    Interlocked.Increment(ref accepted);
                }
                else
                {
                    Interlocked.Increment(ref refused);
                }
            }
        });

        // Neither everything is refused nor everything accepted, so that both ways were tried.
        accepted.ShouldBeGreaterThan(Inputs / 20);
        refused.ShouldBeGreaterThan(Inputs / 20);
    }

    // Whether anything of it was accepted.
    private static bool Judge(byte[] body, bool isCompressed, int seed, int number)
    {
        var where = $"input {number} of seed {seed}";
        var sent = isCompressed ? BatchDecoderTests.Compress(body) : body;
        DecodedBatch decoded;
        try
        {
            decoded = BatchDecoder.DecodeAsync(new MemoryStream(sent), isCompressed, default).GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{where}: {error.Message}", error);
        }

        if (decoded.Content is not { } batch)
        {
            (decoded.Failure != DecodingFailure.None && decoded.Problem is { Length: > 0 }).ShouldBeTrue(where);
            return false;
        }

        var checkedBatch = BatchValidator.Validate(batch, Batches.Node, new KnownPods(), Batches.Now);
        if (checkedBatch.Content is not { } content)
        {
            checkedBatch.Problem.ShouldNotBeNullOrEmpty(where);
            return false;
        }

        IsValid(content).ShouldBeTrue(where);
        (Batches.Count(content) + checkedBatch.Dropped.Values.Sum()).ShouldBe(Batches.Count(batch), where);
        return true;
    }

    private static byte[] Create(Random random)
    {
        if (random.Next(5) == 0)
        {
            var bytes = new byte[random.Next(200)];
            random.NextBytes(bytes);
            return bytes;
        }

        var batch = Batches.Create();
        if (random.Next(2) == 0)
        {
            ChangeField(batch, random);
            return batch.ToByteArray();
        }

        return ChangeBytes(batch.ToByteArray(), random);
    }

    private static byte[] ChangeBytes(byte[] bytes, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var place = random.Next(bytes.Length);
            bytes = random.Next(4) switch
            {
                0 => [.. bytes[..place], .. bytes[Math.Min(bytes.Length, place + random.Next(1, 20))..], 0],
                1 => [.. bytes[..place], (byte)random.Next(256), .. bytes[place..]],
                2 => [.. bytes[..place], .. bytes[random.Next(bytes.Length)..]],
                _ => Replace(bytes, place, (byte)random.Next(256)),
            };
            if (bytes.Length == 0)
            {
                return bytes;
            }
        }

        return bytes;
    }

    private static byte[] Replace(byte[] bytes, int place, byte value)
    {
        bytes[place] = value;
        return bytes;
    }

    private static void ChangeField(Batch batch, Random random)
    {
        var (endpoint, flow, answer) = (Pick(batch.Endpoints, random), Pick(batch.Flows, random), Pick(batch.Answers, random));
        switch (random.Next(18))
        {
            case 0: batch.Schema = (uint)random.Next(3); break;
            case 1: batch.Instance = Bytes(random); break;
            case 2: batch.ToMs = Time(random); break;
            case 3: batch.Sequence = (ulong)random.Next(3); break;
            case 4: endpoint.Id = (uint)random.Next(5); break;
            case 5: endpoint.Addresses.Add(Bytes(random)); break;
            case 6: endpoint.PodUid = Bytes(random); break;
            case 7: endpoint.FirstMs = Time(random); break;
            case 8: flow.Client = (uint)random.Next(5); break;
            case 9: flow.CalledAddress = Bytes(random); break;
            case 10: flow.BackendAddress = Bytes(random); break;
            case 11: flow.CalledPort = Port(random); break;
            case 12: flow.BackendPort = Port(random); break;
            case 13: flow.LastMs = Time(random); break;
            case 14: flow.Source = (Source)random.Next(4); break;
            case 15: answer.Name = Name(answer.Name, random); break;
            case 16: answer.Addresses.Add(Bytes(random)); break;
            default: answer.LastMs = Time(random); break;
        }
    }

    private static T Pick<T>(IList<T> items, Random random) => items[random.Next(items.Count)];

    private static ByteString Bytes(Random random)
    {
        var bytes = new byte[random.Next(4) switch { 0 => 4, 1 => 16, _ => random.Next(20) }];
        random.NextBytes(bytes);
        return ByteString.CopyFrom(bytes);
    }

    private static ulong Time(Random random) => random.Next(4) switch
    {
        0 => 0,
        1 => (ulong)random.NextInt64(),
        2 => ulong.MaxValue,
        _ => Batches.Time(secondsAgo: random.Next(-600, 3600)),
    };

    private static uint Port(Random random) => random.Next(3) switch { 0 => 0, 1 => (uint)random.Next(100_000), _ => uint.MaxValue };

    private static string Name(string name, Random random)
    {
        var place = random.Next(name.Length);
        return random.Next(3) == 0
            ? string.Concat(Enumerable.Repeat(name, random.Next(30)))
            : $"{name[..place]}{(char)random.Next(0x250)}{name[place..]}";
    }

    private static bool IsValid(Batch batch)
    {
        var (now, ids) = (Batches.Now.ToUnixTimeMilliseconds(), batch.Endpoints.Select(endpoint => endpoint.Id).ToHashSet());
        var latest = (ulong)now + 300_000;
        return batch is { Schema: 1, Component: Component.Sensor, Instance.Length: 16, Sequence: > 0, FromMs: > 0 }
            && batch.FromMs <= batch.ToMs && batch.ToMs <= latest && batch.ToMs >= (ulong)now - 1_800_000
            && Version.TryParse(batch.Version.Split('-', '+')[0], out _)
            && ids.Count == batch.Endpoints.Count
            && batch.Endpoints.All(endpoint => endpoint.Addresses.All(IsAddress) && IsTime(endpoint.FirstMs, endpoint.LastMs, latest)
                && (endpoint.PodUid.Length == 16 || endpoint.PodUid.IsEmpty) && (endpoint.HostNetwork || endpoint.PodUid.Length + endpoint.Addresses.Count > 0))
            && batch.Flows.All(flow => ids.Contains(flow.Client) && IsAddress(flow.CalledAddress) && flow.CalledPort is >= 1 and <= 65535
                && (flow.BackendAddress.IsEmpty ? flow.BackendPort == 0 : IsAddress(flow.BackendAddress) && flow.BackendPort is >= 1 and <= 65535)
                && flow.Protocol == Protocol.Tcp && flow.Source is Source.Tcp or Source.SocketScan && IsTime(flow.FirstMs, flow.LastMs, latest))
            && batch.Answers.All(answer => ids.Contains(answer.Client) && answer.Addresses.All(IsAddress) && IsTime(answer.LastMs, answer.LastMs, latest)
                && answer.Name.Length <= 253 && Uri.CheckHostName(answer.Name) is UriHostNameType.Dns or UriHostNameType.IPv4
                && answer.Name.All(character => character is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-' or '.'));
    }

    private static bool IsAddress(ByteString address) => address.Length is 4 or 16;

    private static bool IsTime(ulong first, ulong last, ulong latest) => first > 0 && first <= last && last <= latest;
}
