namespace Wayleave.Operator.Configuration;

/// <summary>A flag or variable cannot be used. The message names it and the mend.</summary>
internal sealed class OptionsException(string message) : Exception(message);
