using Wayleave.Api;

namespace Wayleave.Enforcement.Targets;

/// <summary>Parses declarations: once for those in a cache, whose objects keep the result.</summary>
public static class DeclarationParser
{
    /// <summary>What was parsed when the object entered the cache; otherwise parses it.</summary>
    public static ParsedClientIntents Parse(this ClientIntents intents) =>
        intents.Parsed as ParsedClientIntents ?? new ParsedClientIntents(intents);

    /// <inheritdoc cref="Parse(ClientIntents)"/>
    public static ParsedProtectedService Parse(this ProtectedService protection) =>
        protection.Parsed as ParsedProtectedService ?? new ParsedProtectedService(protection);

    /// <summary>Parses an object that enters a cache and does not change from here on.</summary>
    public static void ParseOnce(ClientIntents intents) => intents.Parsed = new ParsedClientIntents(intents);

    /// <inheritdoc cref="ParseOnce(ClientIntents)"/>
    public static void ParseOnce(ProtectedService protection) => protection.Parsed = new ParsedProtectedService(protection);
}
