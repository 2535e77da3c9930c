using System.Text;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Ingestion;

public sealed class CertificateManagerTests : IDisposable
{
    private readonly FakeReviewer _api = new();
    private readonly ManualTimeProvider _time = new();
    private readonly CertificateManager _manager;

    public CertificateManagerTests() => _manager = Create();

    public void Dispose() => _manager.Dispose();

    [Fact]
    public async Task Creates_the_Secret_and_publishes_the_authority_for_the_sensors()
    {
        _manager.Get().ShouldBeNull();
        await _manager.EnsureAsync(default);

        var secret = await ReadSecretAsync();
        secret!.Data.Keys.ShouldBe(["ca.crt", "ca.key", "tls.crt", "tls.key"], ignoreOrder: true);
        secret.Type.ShouldBe("kubernetes.io/tls");
        (await ReadPublishedAsync()).ShouldBe(Text(secret, "ca.crt"));
        _manager.Get()!.HasPrivateKey.ShouldBeTrue();
        _manager.Get()!.ExportCertificatePem().ShouldBe(Text(secret, "tls.crt"));
    }

    [Fact]
    public async Task Writes_nothing_while_everything_is_as_it_should_be()
    {
        await _manager.EnsureAsync(default);
        var (certificate, writes) = (_manager.Get(), _api.Cluster.Writes.Count);
        await _manager.EnsureAsync(default);
        _manager.Get().ShouldBeSameAs(certificate);
        _api.Cluster.Writes.Count.ShouldBe(writes);
    }

    [Fact]
    public async Task Two_replicas_that_start_at_once_serve_the_same_certificate()
    {
        using var other = Create();
        var isFirst = true;
        _api.BeforeWrite = entity =>
        {
            if (entity is V1Secret && isFirst)
            {
                isFirst = false;
                other.EnsureAsync(default).GetAwaiter().GetResult();
            }
        };
        await _manager.EnsureAsync(default);

        _manager.Get()!.RawData.ShouldBe(other.Get()!.RawData);
        (await ReadPublishedAsync()).ShouldBe(Text((await ReadSecretAsync())!, "ca.crt"));
    }

    [Fact]
    public async Task Two_replicas_that_renew_at_once_serve_the_same_certificate()
    {
        using var other = Create();
        await _manager.EnsureAsync(default);
        await other.EnsureAsync(default);
        var before = _manager.Get()!.RawData;
        _time.Advance(TimeSpan.FromDays(61));
        var isFirst = true;
        _api.BeforeWrite = entity =>
        {
            if (isFirst)
            {
                isFirst = false;
                other.EnsureAsync(default).GetAwaiter().GetResult();
            }
        };
        await _manager.EnsureAsync(default);

        _manager.Get()!.RawData.ShouldBe(other.Get()!.RawData);
        _manager.Get()!.RawData.ShouldNotBe(before);
    }

    [Fact]
    public async Task Restores_what_was_changed_or_deleted()
    {
        await _manager.EnsureAsync(default);
        var published = await ReadPublishedAsync();
        _api.Cluster.User.Erase<V1ConfigMap>(FakeReviewer.SensorNamespace, AuthorityPublisher.Name);
        await _manager.EnsureAsync(default);
        (await ReadPublishedAsync()).ShouldBe(published);

        await _api.Cluster.PatchAsync<V1ConfigMap>(
            AuthorityPublisher.Name, FakeReviewer.SensorNamespace, Patch("""{"ca.crt": "another"}"""), default);
        await _manager.EnsureAsync(default);
        (await ReadPublishedAsync()).ShouldBe(published);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"tls.crt": "bm9uc2Vuc2U=", "tls.key": "bm9uc2Vuc2U=", "ca.crt": "bm9uc2Vuc2U=", "ca.key": "bm9uc2Vuc2U="}""")]
    public async Task Fills_a_Secret_without_a_certificate(string data)
    {
        await _api.Cluster.CreateAsync(new V1Secret { Metadata = new() { Name = CertificateStore.Name, NamespaceProperty = FakeReviewer.Namespace } }, default);
        await _api.Cluster.PatchAsync<V1Secret>(CertificateStore.Name, FakeReviewer.Namespace, Patch(data), default);
        await _manager.EnsureAsync(default);
        _manager.Get()!.ExportCertificatePem().ShouldBe(Text((await ReadSecretAsync())!, "tls.crt"));
    }

    [Fact]
    public async Task Serves_on_and_retries_while_the_API_server_is_away()
    {
        await _manager.EnsureAsync(default);
        _api.Failure = new HttpRequestException("away");
        using var stop = new CancellationTokenSource();
        var running = _manager.RunAsync(stop.Token);
        _time.Waits.ShouldBe([TimeSpan.FromSeconds(10)]);
        _manager.Get().ShouldNotBeNull();

        _api.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(10));
        _time.Waits.ShouldBe([TimeSpan.FromMinutes(10)]);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public void A_bundle_does_not_print_its_keys() =>
        CertificateIssuer.CreateBundle(["a.svc"], _time.GetUtcNow()).ToString().ShouldNotContain("PRIVATE KEY");

    private CertificateManager Create() => new(
        new CertificateStore(_api, IngestionStage.Options),
        new AuthorityPublisher(_api, IngestionStage.Options),
        IngestionStage.Options,
        _time,
        NullLogger<CertificateManager>.Instance);

    private Task<V1Secret?> ReadSecretAsync() => _api.Cluster.GetAsync<V1Secret>(CertificateStore.Name, FakeReviewer.Namespace, default);

    private async Task<string> ReadPublishedAsync() =>
        (await _api.Cluster.GetAsync<V1ConfigMap>(AuthorityPublisher.Name, FakeReviewer.SensorNamespace, default))!.Data["ca.crt"];

    private static string Text(V1Secret secret, string key) => Encoding.UTF8.GetString(secret.Data[key]);

    private static V1Patch Patch(string data) =>
        new($$"""[{"op": "add", "path": "/data", "value": {{data}}}]""", V1Patch.PatchType.JsonPatch);
}
