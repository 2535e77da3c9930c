using System.Text;

namespace Wayleave.EndToEnd.Tests.Telemetry.Canaries;

/// <summary>Tests the search that <see cref="CanaryTests"/> relies on, with a request that an operator sent.</summary>
[Collection(LedgerCollection.Name)]
public sealed class CanarySetTests(TelemetryCluster cluster)
{
    private readonly CanarySet _canaries = new();

    [Fact]
    public async Task Finds_a_canary_in_every_encoded_form()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();
        var body = stage.Collector.Requests[0].Body;
        _canaries.Find(body).ShouldBeEmpty();

        var canary = _canaries.New();
        var bytes = Encoding.UTF8.GetBytes(canary);
        byte[][] forms =
        [
            bytes, Encoding.Unicode.GetBytes(canary), Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)),
            .. Enumerable.Range(0, 3).Select(before => Encoding.ASCII.GetBytes(Convert.ToBase64String([.. body.AsSpan(0, before), .. bytes, 7]))),
        ];
        foreach (var form in forms)
        {
            _canaries.Find([.. body, .. form, .. body]).ShouldBe([canary]);
        }
    }
}
