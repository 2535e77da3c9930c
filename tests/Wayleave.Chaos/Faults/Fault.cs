namespace Wayleave.Chaos.Faults;

/// <summary>Something that goes wrong.</summary>
/// <param name="Name">In the report.</param>
/// <param name="ComesAlone">
/// The API server forgets its history, which only who leads at the time can make good: no edit and no other fault coincides with it.
/// </param>
/// <param name="StrikeAsync">Returns when the worst is over; what lasts ends with the storm.</param>
internal sealed record Fault(string Name, bool ComesAlone, Func<Task> StrikeAsync);
