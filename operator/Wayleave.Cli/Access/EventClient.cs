using System.Globalization;
using System.Text.Json;
using k8s;
using Wayleave.EventStore.Events;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Recording;

namespace Wayleave.Cli.Access;

/// <summary>What the event stores of the operator's Pods answered together.</summary>
/// <param name="Events">Newest first, each once.</param>
/// <param name="HasMore">Whether more events match.</param>
/// <param name="Failures">The Pods that did not answer, and why.</param>
internal sealed record EventAnswer(IReadOnlyList<OperatorEvent> Events, bool HasMore, IReadOnlyList<PodFailure> Failures);

/// <summary>A Pod that did not answer.</summary>
internal sealed record PodFailure(string Pod, string Reason, Exception Error);

/// <summary>
/// Reads the event stores of the operator's Pods through the API server's proxy. Each Pod has a store of its own. The Pods get a
/// short-lived token that only the event store accepts, and never the credentials of the person who asks.
/// </summary>
internal sealed class EventClient(IClusterConnection connection, TimeProvider time)
{
    private const long MaxBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan _tokenLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _podTimeout = TimeSpan.FromSeconds(30);

    /// <summary>The newest events that match, up to the limit of the query.</summary>
    /// <exception cref="CliException">The event store is off or cannot be queried, or no Pod answered.</exception>
    /// <exception cref="KubernetesException">The API server refused a request.</exception>
    /// <exception cref="ForbiddenException">The API server refused to forward requests to Pods.</exception>
    public async Task<EventAnswer> ReadAsync(InstalledOperator found, EventQuery query, CancellationToken cancellationToken)
    {
        var (@namespace, deployment, port) = GetEndpoint(found);
        var pods = await ListPodsAsync(@namespace, cancellationToken);
        var token = await RequestTokenAsync(new NamespacedName(@namespace, $"{deployment}-events-reader"), cancellationToken);
        var answers = await Task.WhenAll(pods.Select(pod =>
        {
            var path = $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/https:{Uri.EscapeDataString(pod)}:{port}/proxy{EventQueryEndpoint.Path}";
            return AskAsync(pod, $"{path}?{Format(query)}", token, query.Limit, cancellationToken);
        }));
        List<PodFailure> failures = [.. answers.Select(answer => answer.Failure).OfType<PodFailure>()];
        return failures.Count == answers.Length ? throw CreateError(failures) : Merge(answers, failures, query.Limit);
    }

    private static (string Namespace, string Deployment, int Port) GetEndpoint(InstalledOperator found)
    {
        if (found.Deployment is not { Metadata: { Name: { } name, NamespaceProperty: { } @namespace } })
        {
            throw new CliException("no Deployment of the operator was found; use --operator-namespace to name its namespace");
        }

        var events = found.Options.Events ?? throw new CliException(
            $"the event store of the operator in namespace {@namespace} is off; set operator.eventStore.enabled=true in the chart");
        return events.Port is > 0 and var port
            ? (@namespace, name, port)
            : throw new CliException(
                $"the event store of the operator in namespace {@namespace} has no fixed port (--event-port);"
                    + " set operator.eventStore.query.enabled=true in the chart");
    }

    private async Task<IReadOnlyList<string>> ListPodsAsync(string @namespace, CancellationToken cancellationToken)
    {
        var options = new ListOptions { Namespace = @namespace, LabelSelector = OperatorFinder.ChartLabels };
        var pods = (await connection.CliClient.ListAsync<LivePod>(options, cancellationToken)).Items;
        List<string> running =
            [.. pods.Where(pod => pod.Status?.Phase == "Running").Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal)];
        return running.Count > 0
            ? running
            : throw new CliException($"no Pod of the operator is running in namespace {@namespace} ({OperatorFinder.ChartLabels})");
    }

    private async Task<string> RequestTokenAsync(NamespacedName account, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.RequestTokenAsync(account, EventQueryEndpoint.Audience, _tokenLifetime, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            throw new CliException(
                $"serviceaccount/{account.Name} not found in namespace {account.Namespace};"
                    + " set operator.eventStore.query.enabled=true in the chart, which creates it");
        }
    }

    private async Task<PodAnswer> AskAsync(string pod, string path, string token, int limit, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_podTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await ReadPagesAsync(path, token, limit, either.Token);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && ErrorReporter.IsExpected(error))
        {
            return new PodAnswer([], HasMore: false, new PodFailure(pod, Describe(error), error));
        }
    }

    // One page has as many events as were asked for, unless the Pod returns fewer at a time.
    private async Task<PodAnswer> ReadPagesAsync(string path, string token, int limit, CancellationToken cancellationToken)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal) { [EventQueryEndpoint.ProxiedAuthorization] = $"Bearer {token}" };
        List<OperatorEvent> events = [];
        string? next = null;
        var remaining = MaxBytes;
        do
        {
            var cursor = next is null ? "" : $"&cursor={Uri.EscapeDataString(next)}";
            var text = await connection.ReadTextAsync(path + cursor, headers, remaining, cancellationToken);
            remaining -= text.Length;
            var page = EventPageReader.Read(text);
            events.AddRange(page.Items);
            next = page.Items.Count > 0 ? page.Next : null;
        }
        while (next is not null && events.Count < limit);
        return new PodAnswer(events, next is not null, Failure: null);
    }

    private static EventAnswer Merge(IReadOnlyList<PodAnswer> answers, IReadOnlyList<PodFailure> failures, int limit)
    {
        List<OperatorEvent> all =
        [
            .. answers.SelectMany(answer => answer.Events)
                .DistinctBy(one => one.Id, StringComparer.Ordinal)
                .OrderByDescending(one => one.Time)
                .ThenByDescending(one => one.Id, StringComparer.Ordinal),
        ];
        return new EventAnswer([.. all.Take(limit)], all.Count > limit || answers.Any(answer => answer.HasMore), failures);
    }

    private static Exception CreateError(List<PodFailure> failures)
    {
        // The API server names the user, the verb and the resource.
        List<KubernetesException> refused =
        [
            .. failures.Select(failure => failure.Error).OfType<KubernetesException>()
                .Where(error => error is { IsForbidden: true, ForeignBody: null }),
        ];
        return refused.Count == failures.Count
            ? new ForbiddenException(refused)
            : new CliException(
                $"no Pod of the operator responded: {string.Join("; ", failures.Select(failure => $"pod/{failure.Pod}: {failure.Reason}"))}");
    }

    private static string Describe(Exception error) => error switch
    {
        KubernetesException { ForeignBody: { } body } when body.Split('\n')[0].Trim() is { Length: > 0 } line => line,
        KubernetesException { ForeignBody: not null } refused => refused.Message,
        KubernetesException refused => refused.Status?.Message ?? refused.Message,
        OperationCanceledException => string.Create(CultureInfo.InvariantCulture, $"no response within {_podTimeout.TotalSeconds} seconds"),
        JsonException or InvalidDataException => $"its response is not a page of events: {error.Message}",
        LimitExceededException => string.Create(CultureInfo.InvariantCulture, $"its response has more than {MaxBytes} bytes; use a lower --limit"),
        _ => error.Message,
    };

    private static string Format(EventQuery query)
    {
        List<(string Name, string? Value)> parameters =
        [
            ("since", Format(query.Since)), ("until", Format(query.Until)), .. query.Types.Select(type => ("type", (string?)type)),
            ("subject", query.Subject), ("run", query.Run), ("session", query.Session),
            ("limit", query.Limit.ToString(CultureInfo.InvariantCulture)),
        ];
        return string.Join('&', parameters.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}"));
    }

    private static string? Format(DateTimeOffset? at) =>
        at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record PodAnswer(IReadOnlyList<OperatorEvent> Events, bool HasMore, PodFailure? Failure);
}
