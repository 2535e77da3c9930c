using System.Text.Json;
using Wayleave.Api;

namespace Wayleave.Observation.Tests.Support;

/// <summary>Calls as the API server gets them, to compare.</summary>
internal static class Texts
{
    public static string[] Of(IEnumerable<ObservedCall> calls) =>
        [.. calls.Select(call => JsonSerializer.Serialize(new ObservedIntents { Metadata = null!, Calls = [call] }, ApiJson.Default.ObservedIntents))];
}
