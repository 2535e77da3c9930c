using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Wayleave.EventStore.Events;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Events;

/// <summary>Queries the event store of a running operator with tokens of the API server.</summary>
internal sealed class StoredEvents
{
    private const string Audience = "wayleave-events";

    private readonly Scene _scene;
    private readonly string _account;

    private StoredEvents(Scene scene, string account) => (_scene, _account) = (scene, account);

    /// <summary>Makes a ServiceAccount that may read events, as the chart does.</summary>
    public static async Task<StoredEvents> AllowAsync(Scene scene, string account = "reader")
    {
        await scene.Cluster.ApplyAsync(
            $$$"""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: {{{account}}}, namespace: {{{scene.Home}}}}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRole
            metadata: {name: {{{scene.Home}}}-events-reader}
            rules: [{nonResourceURLs: [/v1/events], verbs: [get]}]
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: ClusterRoleBinding
            metadata: {name: {{{scene.Home}}}-events-reader}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{{scene.Home}}}-events-reader}
            subjects: [{kind: ServiceAccount, name: {{{account}}}, namespace: {{{scene.Home}}}}]
            """);
        return new StoredEvents(scene, account);
    }

    /// <summary>The port for queries that the operator chose.</summary>
    public static int PortOf(OperatorProcess running) => running.Events!.Port;

    public async Task<string> CreateTokenAsync(string account, string? audience = Audience)
    {
        string[] arguments = ["create", "token", account, "--namespace", _scene.Home];
        return (await _scene.Cluster.ControlPlane.KubectlAsync(audience is null ? arguments : [.. arguments, "--audience", audience]))
            .EnsureSuccess().Output.Trim();
    }

    public async Task<(HttpStatusCode Status, string Text)> AskAsync(OperatorProcess running, string query, string? token)
    {
#pragma warning disable CA5400, MA0039 // The certificate is the operator's own, of this start.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
#pragma warning restore CA5400, MA0039
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(running.Events!, $"/v1/events{query}"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<IReadOnlyList<OperatorEvent>> ReadAsync(OperatorProcess running, string query)
    {
        var (status, text) = await AskAsync(running, $"?{query}", await CreateTokenAsync(_account));
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, EventJson.Default.EventPage)!.Items;
    }

    /// <summary>Reads until the answer is as expected, by default not empty: events are stored in batches.</summary>
    public async Task<IReadOnlyList<OperatorEvent>> UntilAsync(
        OperatorProcess running, string query, Func<IReadOnlyList<OperatorEvent>, bool>? isExpected = null) => (await Poll.UntilAsync(
        query,
        async _ => await ReadAsync(running, query) is { } found && (isExpected?.Invoke(found) ?? found.Count > 0) ? found : null,
        Poll.Patience,
        default))!;
}
