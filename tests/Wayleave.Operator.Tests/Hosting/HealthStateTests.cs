using Wayleave.Hosting;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>Reasons why the operator is not ready.</summary>
public sealed class HealthStateTests
{
    private readonly HealthState _health = new();
    private readonly FakeInformer _pods = new(_ => Task.CompletedTask) { Resource = "pods", HasSynced = false };
    private readonly FakeInformer _services = new(_ => Task.CompletedTask) { Resource = "services", HasSynced = false };

    [Fact]
    public void Waits_for_the_API_server_at_the_start() => _health.GetNotReadyReason().ShouldBe("waiting for the API server");

    [Fact]
    public void Names_the_last_obstacle_until_the_informers_are_started()
    {
        _health.SetWaiting("the CRDs are not installed; install the chart");
        _health.SetWaiting("the credentials are refused; renew them");

        _health.GetNotReadyReason().ShouldBe("waiting: the credentials are refused; renew them");
    }

    [Fact]
    public void Names_the_resources_whose_first_list_is_missing()
    {
        _health.SetWaiting("the credentials are refused; renew them");
        _health.SetInformers([_pods, _services]);
        _health.GetNotReadyReason().ShouldBe("waiting for the first list of pods, services");

        _pods.HasSynced = true;
        _health.GetNotReadyReason().ShouldBe("waiting for the first list of services");
    }

    [Fact]
    public void Is_ready_when_all_caches_have_synced()
    {
        _health.SetInformers([_pods, _services]);
        (_pods.HasSynced, _services.HasSynced) = (true, true);

        _health.GetNotReadyReason().ShouldBeNull();
    }

    [Fact]
    public void Asks_the_program_only_when_all_caches_have_synced()
    {
        var reason = "waiting for the lease";
        var health = new HealthState(() => reason);
        health.SetInformers([_pods]);
        health.GetNotReadyReason().ShouldBe("waiting for the first list of pods");

        _pods.HasSynced = true;
        health.GetNotReadyReason().ShouldBe("waiting for the lease");
        reason = null;
        health.GetNotReadyReason().ShouldBeNull();
    }
}
