using System.Text;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class LengthLimitedStreamTests
{
    [Theory]
    [InlineData(4, true)]
    [InlineData(3, false)]
    public async Task Reads_as_many_bytes_as_allowed_and_throws_beyond(long most, bool isAllowed)
    {
        await using var stream = new LengthLimitedStream(new MemoryStream("body"u8.ToArray()), most);
        var reading = new StreamReader(stream).ReadToEndAsync();

        if (isAllowed)
        {
            (await reading).ShouldBe("body");
        }
        else
        {
            (await Should.ThrowAsync<LimitExceededException>(reading)).Message.ShouldBe("a response of the API server has more than 3 bytes");
        }
    }

    [Fact]
    public async Task A_watch_throws_when_an_event_exceeds_the_limit()
    {
        var endless = new MemoryStream(Encoding.ASCII.GetBytes("{\"type\":\"ADDED\",\"object\":{\"data\":{\"k\":\"" + new string('x', 100_000)));

        var reading = Should.ThrowAsync<LimitExceededException>(async () =>
        {
            await foreach (var change in WatchStream.ReadAsync(endless, new JsonFormat<V1ConfigMap>(SourceGenerationContext.Default.V1ConfigMap), null, 50_000, null, default))
            {
                Assert.Fail($"{change.Type} was read");
            }
        });

        (await reading).Message.ShouldBe("an event of a watch has more than 50000 bytes");
    }
}
