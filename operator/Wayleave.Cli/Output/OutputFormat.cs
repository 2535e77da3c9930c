namespace Wayleave.Cli.Output;

/// <summary>The values of <c>--output</c>.</summary>
internal static class OutputFormat
{
    public const string Table = "table";
    public const string Wide = "wide";
    public const string Json = "json";
    public const string Yaml = "yaml";
    public const string Name = "name";

    /// <summary>One line of JSON for each entry.</summary>
    public const string Lines = "lines";
}
