using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

public sealed class DomainReconcilerTests : IAsyncDisposable
{
    private const string Domain = "api.example.com";
    private static readonly IPAddress _one = IPAddress.Parse("203.0.113.1");
    private static readonly IPAddress _two = IPAddress.Parse("203.0.113.2");
    private readonly FakeDomainResolver _resolver = new();
    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public DomainReconcilerTests() => _services = new ServiceCollection()
        .AddLogging()
        .AddOperator(
            new OperatorOptions
            {
                Namespace = "wayleave-system",
                Instance = "test",
                Governance = new GovernanceDefaults(EnforcementMode.Enforce, "wayleave-system", Egress: true),
                Network = NetworkSettings.None,
                Workers = 1,
                Telemetry = TelemetrySettings.Default with { Enabled = false },
            },
            new KubernetesClientConfiguration { Host = new Uri("http://localhost:1/") })
        .AddSingleton<IKubernetesClient>(new FakeCluster(ApiClients.Registry, WayleaveLabels.FieldManager))
        .AddSingleton<IDomainResolver>(_resolver)
        .AddSingleton<TimeProvider>(_time)
        .BuildServiceProvider();

    private DomainBook Book => _services.GetRequiredService<DomainBook>();

    private SubjectQueues Queues => _services.GetRequiredService<SubjectQueues>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_first_answer_is_remembered_and_the_client_decided_again()
    {
        Declare();
        Book.Find(Domain, []).IsKnown.ShouldBeFalse();
        Queues.Domains.Count.ShouldBe(1);
        _resolver.Answer = _ => [_one];

        (await LookUpAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(30)));

        Book.Find(Domain, []).Addresses.ShouldBe([_one]);
        Queues.Policies.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_same_answer_again_costs_nothing()
    {
        await AnsweredAsync();

        await LookUpAsync();

        Queues.Policies.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Another_answer_is_added_and_the_client_decided_again()
    {
        await AnsweredAsync();
        _resolver.Answer = _ => [_two];

        await LookUpAsync();

        Book.Find(Domain, []).Addresses.ShouldBe([_one, _two]);
        Queues.Policies.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(SocketError.TryAgain)]
    [InlineData(SocketError.NoRecovery)]
    public async Task While_the_resolver_fails_the_last_answer_stays_however_long(SocketError error)
    {
        await AnsweredAsync();
        _resolver.Answer = _ => throw new SocketException((int)error);
        _time.Advance(TimeSpan.FromDays(1));

        await LookUpAsync();

        var answer = Book.Find(Domain, []);
        (answer.Addresses.Single(), answer.Failure).ShouldBe((_one, DomainFailures.ResolverFailed));
    }

    [Fact]
    public async Task A_resolver_that_does_not_answer_in_time_has_failed()
    {
        Declare();
        Book.Find(Domain, [_one]);
        _resolver.Answer = _ => throw new TimeoutException();

        await LookUpAsync();

        Book.Find(Domain, []).Addresses.ShouldBe([_one]);
    }

    [Fact]
    public async Task A_name_that_is_gone_loses_its_addresses_in_the_end()
    {
        await AnsweredAsync();
        _resolver.Answer = _ => [];
        _time.Advance(TimeSpan.FromMinutes(11));

        await LookUpAsync();

        var answer = Book.Find(Domain, []);
        (answer.Addresses.Count, answer.Failure).ShouldBe((0, DomainFailures.NotFound));
    }

    [Fact]
    public async Task A_name_that_nobody_declares_is_not_looked_up_and_is_forgotten()
    {
        Book.Find(Domain, []);
        _resolver.Answer = _ => throw new InvalidOperationException("It was looked up.");

        (await LookUpAsync()).ShouldBe(ReconciliationResult.Done);

        Book.Count.ShouldBe(0);
    }

    private async Task AnsweredAsync()
    {
        Declare();
        Book.Find(Domain, []);
        _resolver.Answer = _ => [_one];
        await LookUpAsync();
        Queues.Policies.Done(await Queues.Policies.TakeAsync(CancellationToken.None));
    }

    private Task<ReconciliationResult> LookUpAsync() =>
        _services.GetRequiredService<DomainReconciler>().ReconcileAsync(new DomainName(Domain), CancellationToken.None);

    private void Declare() => _services.GetRequiredService<ClusterCache>().Intents.Store.Observe(new ClientIntents
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop", Uid = "uid", ResourceVersion = "1", Generation = 1 },
        Spec = new ClientIntentsSpec
        {
            Workload = new WorkloadRef { Name = "checkout" },
            Targets = [new IntentTarget { Internet = new InternetTarget { Domains = [Domain] } }],
        },
    });
}
