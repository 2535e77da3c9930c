using System.Text.RegularExpressions;

namespace Wayleave.Telemetry.Identity;

/// <summary>The name of an exception's type: an identifier of the program's source code, at most 80 characters.</summary>
public sealed partial record ExceptionTypeName
{
    private ExceptionTypeName(string value) => Value = value;

    /// <summary>Stands for every type beyond those that are told apart.</summary>
    public static ExceptionTypeName Other { get; } = new("Other");

    public string Value { get; }

    /// <summary><see cref="Other"/> if <paramref name="type"/> is no exception or has no name of that form.</summary>
    public static ExceptionTypeName Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var name = type.Name.Split('`')[0];
        return type.IsAssignableTo(typeof(Exception)) && TryParse(name) is { } known ? known : Other;
    }

    public static ExceptionTypeName? TryParse(string? text) => Pattern().IsMatch(text ?? "") ? new ExceptionTypeName(text!) : null;

    public override string ToString() => Value;

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,79}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
