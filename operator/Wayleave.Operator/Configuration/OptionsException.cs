namespace Wayleave.Operator.Configuration;

/// <summary>A flag or variable cannot be used. The message names it and the fix.</summary>
internal sealed class OptionsException(string message) : Exception(message);
