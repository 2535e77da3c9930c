using System.Text;

namespace Wayleave.EndToEnd.Tests.Telemetry.Canaries;

/// <summary>The search that <see cref="CanaryTests"/> relies on, on what an operator sends.</summary>
[Collection(LedgerCollection.Name)]
public sealed class AviaryTests(TelemetryCluster cluster)
{
    private readonly Aviary _aviary = new();

    [Fact]
    public async Task A_canary_that_is_sent_is_found_in_whatever_form()
    {
        await using var stage = await cluster.SetAsync();
        var running = await stage.StartAsync();
        await stage.WaitForAsync("STARTED", 1);
        await running.StopAsync();
        var body = stage.Collector.Requests[0].Body;
        _aviary.Find(body).ShouldBeEmpty();

        var canary = _aviary.New();
        var bytes = Encoding.UTF8.GetBytes(canary);
        byte[][] forms =
        [
            bytes, Encoding.Unicode.GetBytes(canary), Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)),
            .. Enumerable.Range(0, 3).Select(before => Encoding.ASCII.GetBytes(Convert.ToBase64String([.. body.AsSpan(0, before), .. bytes, 7]))),
        ];
        foreach (var form in forms)
        {
            _aviary.Find([.. body, .. form, .. body]).ShouldBe([canary]);
        }
    }
}
