using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Testing.Operators;

/// <summary>
/// A validating webhook for the NetworkPolicies of one namespace, which allows, holds, or denies each creation and update. With it a test can see
/// that a write is in progress, or make writes fail.
/// </summary>
public sealed class AdmissionGate : IAsyncDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly TestCluster _cluster;
    private readonly string _namespace;
    private volatile string _message = "";
    private volatile Task<bool> _answer = Task.FromResult(true);
    private volatile TaskCompletionSource<bool>? _holding;
    private readonly WebApplication _server;
    private int _waiting;
    private int _asked;

    private AdmissionGate(TestCluster cluster, string @namespace)
    {
        _cluster = cluster;
        _namespace = @namespace;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificates.Server)));
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>The number of writes that are held now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The number of all writes so far.</summary>
    public int Asked => Volatile.Read(ref _asked);

    private string Address => _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    private string Registration =>
        $$$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: gate-{{{_namespace}}}}
        webhooks:
        - name: gate.wayleave.test
          admissionReviewVersions: [v1]
          sideEffects: None
          failurePolicy: Fail
          timeoutSeconds: 30
          clientConfig: {url: "{{{Address}}}", caBundle: {{{Convert.ToBase64String(Encoding.ASCII.GetBytes(_certificates.Authority.ExportCertificatePem()))}}}}
          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: {{{_namespace}}}}}
          rules: [{apiGroups: [networking.k8s.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [networkpolicies]}]
        """;

    /// <summary>Registers a gate that allows everything, and waits until the API server calls it.</summary>
    public static async Task<AdmissionGate> SetAsync(TestCluster cluster, string @namespace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var gate = new AdmissionGate(cluster, @namespace);
        await gate._server.StartAsync(cancellationToken);
        await cluster.ApplyAsync(gate.Registration, cancellationToken);
        await Poll.UntilAsync("the API server to call the gate", gate.IsAskedAsync, Poll.Patience, cancellationToken);
        Volatile.Write(ref gate._asked, 0);
        return gate;
    }

    /// <summary>Holds later writes.</summary>
    public void Hold()
    {
        var holding = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_holding, _answer) = (holding, holding.Task);
    }

    /// <summary>Allows held and later writes.</summary>
    public void Open() => Answer(allowed: true);

    /// <summary>Denies held and later writes.</summary>
    public void Deny(string message = "the gate is closed")
    {
        _message = message;
        Answer(allowed: false);
    }

    public async ValueTask DisposeAsync()
    {
        Open();
        await _cluster.DeleteAsync(Registration);
        await _server.DisposeAsync();
        _certificates.Dispose();
    }

    private void Answer(bool allowed)
    {
        _answer = Task.FromResult(allowed);
        _holding?.TrySetResult(allowed);
    }

    private async Task<bool> IsAskedAsync(CancellationToken cancellationToken)
    {
        var probe = $$"""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: probe, namespace: {{_namespace}}}
            spec: {podSelector: {} }
            """;
        await _cluster.DryRunAsync(probe, cancellationToken);
        return Asked > 0;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var review = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
        var uid = review.RootElement.GetProperty("request").GetProperty("uid").GetString();
        Interlocked.Increment(ref _asked);
        Interlocked.Increment(ref _waiting);
        try
        {
            var allowed = await _answer.WaitAsync(context.RequestAborted);
            var response = new { uid, allowed, status = new { code = 403, message = _message } };
            var answer = new { apiVersion = "admission.k8s.io/v1", kind = "AdmissionReview", response };
            await context.Response.WriteAsJsonAsync(answer, context.RequestAborted);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
