namespace Wayleave.Testing.Operators;

/// <summary>An event that the operator logs. Tests wait for the event, so its message can be reworded.</summary>
/// <param name="Type">The name of the type that logs it, without namespace.</param>
/// <param name="Method">The method that logs it, which is the name of the event.</param>
public sealed record LogEvent(string Type, string Method)
{
    public static LogEvent Waiting { get; } = new("ApiServerWaiter", "LogWaiting");

    public static LogEvent NotServed { get; } = new("ApiServerReadiness", "LogNotServed");

    public static LogEvent BecameLeader { get; } = new("LeaderElector", "LogAcquired");

    public static LogEvent LostLeadership { get; } = new("LeaderElector", "LogLost");

    public static LogEvent KeepsFailing { get; } = new("Controller", "LogFailed");

    public static LogEvent RejectedBatch { get; } = new("BatchExporter", "LogRefused");

    // The generator of log methods makes the ID of the name: FNV-1a of its characters.
    private readonly int _id = Math.Abs(unchecked((int)Method.Aggregate(2_166_136_261u, (hash, one) => unchecked((hash ^ one) * 16_777_619))));

    /// <summary>Whether a line reports it.</summary>
    public bool IsIn(LogLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.EventId == _id && line.Category.Split('.', '`', '[').Contains(Type);
    }
}
