using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Web;
using k8s;
using k8s.Models;
using Wayleave.EventStore.Events;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Cli.Tests.Support;

/// <summary>The event store of a Pod behind the API server's proxy. It checks the token and returns its events in pages.</summary>
internal sealed class FakeEventStore(params IReadOnlyList<OperatorEvent> events)
{
    public const string Token = "a-token";

    /// <summary>The most events of a page.</summary>
    public int PageSize { get; init; } = EventQuery.MaxLimit;

    /// <summary>Answered instead of the events.</summary>
    public string? Text { get; init; }

    /// <summary>A status code with a line of plain text, answered instead of the events.</summary>
    public (int Code, string Text)? Refusal { get; init; }

    /// <summary>Whether it never answers.</summary>
    public bool Hangs { get; init; }

    /// <summary>The queries that were asked.</summary>
    public List<string> Queries { get; } = [];

    public async Task<string> AnswerAsync(string query, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        Queries.Add(query);
        headers.ShouldBe([KeyValuePair.Create("X-Wayleave-Authorization", $"Bearer {Token}")]);
        if (Hangs)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        return Refusal is { } refusal ? throw Refuse(refusal.Code, refusal.Text) : Text ?? Read(HttpUtility.ParseQueryString(query));
    }

    private string Read(System.Collections.Specialized.NameValueCollection query)
    {
        var limit = Math.Min(PageSize, int.Parse(query["limit"]!, CultureInfo.InvariantCulture));
        var rest = events.OrderByDescending(one => one.Time).ThenByDescending(one => one.Id, StringComparer.Ordinal).ToList();
        if (query["cursor"] is { } text)
        {
            EventCursor.TryParse(text, out var cursor).ShouldBeTrue();
            rest.RemoveRange(0, rest.FindIndex(one => one.Id == cursor.Id) + 1);
        }

        List<OperatorEvent> items = [.. rest.Take(limit)];
        var next = rest.Count > limit ? EventCursor.From(items[^1]).ToString() : null;
        return JsonSerializer.Serialize(new EventPage(items, next), EventJson.Default.EventPage);
    }

    // As the client reads an answer that is not a Status.
    private static KubernetesException Refuse(int code, string text) => ApiErrors.Create(
        new V1Status
        {
            Message = "reason phrase",
            Details = new V1StatusDetails { Causes = [new V1StatusCause { Reason = "UnexpectedServerResponse", Message = text }] },
        },
        (HttpStatusCode)code);
}
