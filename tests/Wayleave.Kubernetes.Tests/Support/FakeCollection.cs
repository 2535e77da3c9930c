using System.Text;
using Microsoft.AspNetCore.Http;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>
/// A collection of ConfigMaps with scripted answers, one per request. After the scripted lists the last one repeats. After the scripted
/// watches, a watch is silent.
/// </summary>
internal sealed class FakeCollection
{
    private readonly Lock _lock = new();
    private readonly List<string> _requests = [];
    private readonly Queue<RequestDelegate> _lists = new();
    private readonly Queue<RequestDelegate> _watches = new();
    private RequestDelegate _lastList = Page("1", null);

    /// <summary><c>list</c>, <c>list TOKEN</c> or <c>watch VERSION</c>, in order.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public FakeCollection Lists(params RequestDelegate[] answers) => Script(_lists, answers);

    public FakeCollection Watches(params RequestDelegate[] answers) => Script(_watches, answers);

    public Task AnswerAsync(HttpContext context) => Next(context.Request.Query)(context);

    /// <summary>One page. Objects are given as <c>name@version</c> or <c>name@version/uid</c>.</summary>
    public static RequestDelegate Page(string version, string? next, params string[] objects)
    {
        var token = next is null ? "" : $$""","continue":"{{next}}" """;
        var items = string.Join(',', objects.Select(Map));
        return Answer.Json($$"""{"kind":"ConfigMapList","metadata":{"resourceVersion":"{{version}}"{{token}} },"items":[{{items}}]}""");
    }

    /// <summary>A watch that sends lines and then ends, as at its timeout.</summary>
    public static RequestDelegate Lines(params string[] lines) => context => SendAsync(context, lines);

    /// <summary>A watch that sends lines and then stays open.</summary>
    public static RequestDelegate OpenLines(params string[] lines) => async context =>
    {
        await SendAsync(context, lines);
        await Answer.NeverAsync(context);
    };

    /// <summary>A watch that sends lines, waits until they were received, sends the beginning of a line, and then breaks.</summary>
    public static RequestDelegate CutLines(Task received, string beginning, params string[] lines) => async context =>
    {
        await SendAsync(context, lines);
        await received.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync(beginning, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    };

    public static string Added(string map) => Event("ADDED", map);

    public static string Modified(string map) => Event("MODIFIED", map);

    public static string Deleted(string map) => Event("DELETED", map);

    public static string Bookmark(string version) =>
        $$$"""{"type":"BOOKMARK","object":{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}"} } }""";

    public static string Gone { get; } =
        """{"type":"ERROR","object":{"kind":"Status","status":"Failure","message":"too old resource version","reason":"Expired","code":410}}""";

    private static string Event(string type, string map) => $$"""{"type":"{{type}}","object":{{Map(map)}} }""";

    private static string Map(string text)
    {
        var (name, rest) = (text.Split('@')[0], text.Split('@')[1].Split('/'));
        var uid = rest.Length > 1 ? rest[1] : $"uid-{name}";
        return $$$"""{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"shop","resourceVersion":"{{{rest[0]}}}","uid":"{{{uid}}}"} }""";
    }

    private static async Task SendAsync(HttpContext context, string[] lines)
    {
        context.Response.ContentType = "application/json";
        var text = string.Concat(lines.Select(line => line + "\n"));
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private FakeCollection Script(Queue<RequestDelegate> script, RequestDelegate[] answers)
    {
        lock (_lock)
        {
            Array.ForEach(answers, script.Enqueue);
            return this;
        }
    }

    private RequestDelegate Next(IQueryCollection query)
    {
        lock (_lock)
        {
            if (query.ContainsKey("watch"))
            {
                _requests.Add($"watch {query["resourceVersion"]}");
                return _watches.TryDequeue(out var watch) ? watch : OpenLines();
            }

            _requests.Add($"list {query["continue"]}".TrimEnd());
            return _lastList = _lists.TryDequeue(out var list) ? list : _lastList;
        }
    }
}
