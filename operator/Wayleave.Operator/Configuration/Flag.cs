namespace Wayleave.Operator.Configuration;

/// <summary>A flag of the command line and its twin in the environment.</summary>
/// <param name="Name">Without dashes.</param>
/// <param name="Value">What stands for the value in the help; null for a switch that may stand alone.</param>
/// <param name="Default">As it would be given; empty for none.</param>
/// <param name="Description">One sentence.</param>
internal sealed record Flag(string Name, string? Value, string Default, string Description)
{
    public string Option => $"--{Name}";

    /// <summary><c>WAYLEAVE_</c> and the name in capitals.</summary>
    public string Variable => "WAYLEAVE_" + Name.Replace('-', '_').ToUpperInvariant();

    public string Help => $"{Description} [{Variable}{(Default.Length == 0 ? "" : $"; default: {Default}")}]";
}
