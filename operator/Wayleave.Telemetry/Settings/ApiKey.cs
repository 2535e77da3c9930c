namespace Wayleave.Telemetry.Settings;

/// <summary>The collector's API key. It shows itself nowhere but in the request.</summary>
public sealed class ApiKey
{
    private ApiKey(string secret) => Secret = secret;

    internal string Secret { get; }

    /// <summary>
    /// Null unless the text, without white space around it, is one or more visible ASCII characters, as a header's value must be.
    /// </summary>
    public static ApiKey? TryCreate(string? text) =>
        text?.Trim() is { Length: > 0 } secret && secret.All(character => character is > ' ' and <= '~') ? new ApiKey(secret) : null;

    public override string ToString() => "(secret)";
}
