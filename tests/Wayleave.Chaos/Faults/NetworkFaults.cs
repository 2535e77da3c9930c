using Microsoft.AspNetCore.Http;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Chaos.Faults;

/// <summary>Faults between the operators and the API server. Each lasts until the storm is over.</summary>
internal sealed class NetworkFaults(World world, Random random)
{
    private const int InAHundred = 25;
    private readonly Random _dice = new(random.Next());
    private readonly Lock _lock = new();

    public IReadOnlyList<Func<Fault>> Makers =>
    [
        () => Of("watches cut", CutAsync), () => Of("watches cut", CutAsync),
        () => Of("409 for writes", () => SetAsync(context => HttpMethods.IsGet(context.Request.Method) ? null : ApiFault.Refused(409))),
        () => Of("429 with Retry-After", () => SetAsync(_ => ApiFault.Refused(429, TimeSpan.FromSeconds(1)))),
        () => Of("500", () => SetAsync(_ => ApiFault.Refused(500))),
        () => Of("503", () => SetAsync(_ => ApiFault.Refused(503))),
        () => Of("requests late", () => SetAsync(_ => ApiFault.Late(TimeSpan.FromMilliseconds(Roll(50, 800))))),
        () => Of("answers truncated", () => SetAsync(_ => ApiFault.Truncated(Roll(0, 2000)))),
    ];

    private static Fault Of(string name, Func<Task> strike) => new(name, ComesAlone: false, strike);

    private async Task SetAsync(Func<HttpContext, ApiFault?> fault)
    {
        foreach (var replica in world.Replicas.All)
        {
            replica.Proxy.Set(context => Roll(0, 100) < InAHundred ? fault(context) : null);
        }

        await Task.Delay(Roll(500, 1500));
    }

    private async Task CutAsync()
    {
        for (var i = Roll(1, 4); i > 0; i--)
        {
            foreach (var replica in world.Replicas.All)
            {
                replica.Proxy.CutWatches();
            }

            await Task.Delay(Roll(50, 400));
        }
    }

    // Requests arrive on any thread.
    private int Roll(int least, int most)
    {
        lock (_lock)
        {
            return _dice.Next(least, most);
        }
    }
}
