using System.Globalization;
using Wayleave.Sensor.Flows;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>
/// Pods call others, by their own addresses, by Services and by names outside the cluster, and Pods are replaced meanwhile. The sensors of
/// their nodes see it, often after the Pod is gone.
/// </summary>
internal sealed class ShopTraffic(MapperWorld world, MapObserver observer, Random random)
{
    private const uint Https = 443;
    private const int Names = 3;
    private const int CallsPerReplacement = 40;

    // A mapper that does not know a new Pod yet takes its address for that of the Pod before, so that it is called a little later.
    private readonly List<ShopPod> _unknown = [];
    private readonly HashSet<Guid> _known = [.. world.Shop.Pods.Select(pod => pod.Uid)];

    public int Calls { get; private set; }

    public int Replacements { get; private set; }

    /// <summary>Held while Pods cannot be replaced, because the API server is away.</summary>
    public SemaphoreSlim Changes { get; } = new(1, 1);

    /// <summary>Makes calls and replaces Pods until it is over.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            MakeCall();
            if (Calls % CallsPerReplacement == 0 && await Changes.WaitAsync(0, CancellationToken.None))
            {
                try
                {
                    await ReplaceAsync();
                }
                finally
                {
                    Changes.Release();
                }
            }

            await Task.Delay(random.Next(20, 100), CancellationToken.None);
        }
    }

    /// <summary>Replaces one more Pod, whose calls are reported after its end.</summary>
    public async Task<bool> ReplaceAsync()
    {
        if (await world.Shop.ReplaceAsync(pod => _known.Contains(pod.Uid)) is not var (deleted, created))
        {
            return false;
        }

        Replacements++;
        for (var call = 0; call < 3; call++)
        {
            CallPod(Choose(world.Shop.Staying), deleted);
            CallPod(deleted, Choose(world.Shop.Staying));
        }

        // A new answer of DNS is stored within seconds.
        _unknown.Add(created);
        GetAnswer(created, IntroductionOf(created), "203.0.113.250");
        return true;
    }

    /// <summary>Whether the mapper is known to know all Pods.</summary>
    public bool AreAllKnown()
    {
        foreach (var pod in _unknown.Where(pod => observer.HasSeen(NameOf(pod, IntroductionOf(pod), 0))).ToList())
        {
            _unknown.Remove(pod);
            _known.Add(pod.Uid);
        }

        return _unknown.Count == 0;
    }

    public void MakeCall()
    {
        Calls++;
        AreAllKnown();
        var caller = ChooseCaller();
        switch (random.Next(10))
        {
            case < 6:
                CallPod(caller, Choose([.. world.Shop.Pods.Where(pod => _known.Contains(pod.Uid) && pod.Uid != caller.Uid)]));
                break;
            case < 8:
                CallService(caller, Choose(world.Shop.Services));
                break;
            default:
                CallOutside(caller, random.Next(Names));
                break;
        }
    }

    /// <summary>A Pod of each workload gets an answer of DNS, which makes the mapper store soon all that it knows of the workload.</summary>
    public void GetAnswers(string name)
    {
        foreach (var pod in world.Shop.Staying.DistinctBy(pod => pod.Workload))
        {
            GetAnswer(pod, name, "203.0.113.251");
        }
    }

    private static string IntroductionOf(ShopPod pod) => string.Create(CultureInfo.InvariantCulture, $"pod-{pod.Port}.example.com");

    private static CallName NameOf(ShopPod caller, string domain, int port) => new(caller.Workload.Key, domain, port);

    // The Pods that were deleted some time ago are reported too.
    private ShopPod ChooseCaller()
    {
        var caller = Choose(world.Shop.Pods);
        return caller.DeletedAt is not null && random.Next(3) > 0 ? Choose(world.Shop.Staying) : caller;
    }

    private void CallPod(ShopPod caller, ShopPod target)
    {
        var outcome = ChooseOutcome();
        var (address, port) = (target.Written.Address, (uint)target.Port);
        var flow = outcome == Outcome.Unanswered
            ? new FlowName(caller.Uid, address, port, "", 0)
            : new FlowName(caller.Uid, address, port, address, port);
        world.Model.Add(flow, new CallName(caller.Workload.Key, target.Workload.Key, target.Port), caller, target);
        world.Sensors[caller.Node].Call(flow, outcome, world.Shop.ChooseTime(target));
    }

    private void CallService(ShopPod caller, ShopService service)
    {
        var target = Choose([.. world.Shop.Staying.Where(pod => pod.Workload == service.Workload)]);
        var flow = new FlowName(caller.Uid, service.Address, 80, target.Written.Address, (uint)target.Port);
        world.Model.Add(flow, new CallName(caller.Workload.Key, target.Workload.Key, target.Port), caller, target);
        world.Sensors[caller.Node].Call(flow, random.Next(4) == 0 ? Outcome.Refused : Outcome.Connected, DateTimeOffset.UtcNow);
    }

    private void CallOutside(ShopPod caller, int number)
    {
        var (name, address) = ($"api-{number}.example.com", $"203.0.113.{number + 1}");
        GetAnswer(caller, name, address);
        if (random.Next(2) == 0)
        {
            var flow = new FlowName(caller.Uid, address, Https, address, Https);
            world.Model.Add(flow, NameOf(caller, name, (int)Https), caller);
            world.Sensors[caller.Node].Call(flow, ChooseOutcome() == Outcome.Refused ? Outcome.Refused : Outcome.Connected, DateTimeOffset.UtcNow);
        }
    }

    private void GetAnswer(ShopPod caller, string name, string address)
    {
        var answer = new AnswerName(caller.Uid, name);
        world.Model.Add(answer, NameOf(caller, name, 0), caller);
        world.Sensors[caller.Node].Answer(answer, address, DateTimeOffset.UtcNow);
    }

    private Outcome ChooseOutcome() => random.Next(6) switch
    {
        0 => Outcome.Unanswered,
        1 => Outcome.Refused,
        _ => Outcome.Connected,
    };

    private T Choose<T>(IReadOnlyList<T> all) => all[random.Next(all.Count)];
}
