using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Wayleave.Telemetry.Identity;

/// <summary>The name of an exception's type: one of a closed list, so that no text can be passed for one.</summary>
public sealed record ExceptionTypeName
{
    private static readonly FrozenDictionary<string, ExceptionTypeName> ByName = new[]
    {
        "AggregateException", "ArgumentException", "ArgumentNullException", "ArgumentOutOfRangeException", "ArithmeticException",
        "AuthenticationException", "ChannelClosedException", "CryptographicException", "DirectoryNotFoundException",
        "DivideByZeroException", "EndOfStreamException", "Exception", "FileNotFoundException", "FormatException", "HttpIOException", "HttpRequestException",
        "IndexOutOfRangeException", "InvalidCastException", "InvalidDataException", "InvalidOperationException", "IOException",
        "JsonException", "KeyNotFoundException", "KubernetesException", "NotSupportedException", "NullReferenceException",
        "ObjectDisposedException", "OperationCanceledException", "OutOfMemoryException", "OverflowException", "RegexMatchTimeoutException",
        "SocketException", "TaskCanceledException", "TimeoutException", "UnauthorizedAccessException", "UriFormatException",
        "WriteFencedException", "Other",
    }.ToFrozenDictionary(name => name, name => new ExceptionTypeName(name), StringComparer.Ordinal);

    private ExceptionTypeName(string value) => Value = value;

    /// <summary>Replaces all further types above the limit.</summary>
    public static ExceptionTypeName Other { get; } = ByName["Other"];

    /// <summary>Every name that can be.</summary>
    public static ImmutableArray<string> All { get; } = [.. ByName.Keys.Order(StringComparer.Ordinal)];

    public string Value { get; }

    /// <summary>
    /// The name of the type, or of the nearest of its ancestors that is on the list; <see cref="Other"/> if <paramref name="type"/> is no
    /// exception.
    /// </summary>
    public static ExceptionTypeName FromType(Type type)
    {
        for (Type? candidate = type; candidate is not null; candidate = candidate.BaseType)
        {
            if (candidate.IsAssignableTo(typeof(Exception)) && ByName.TryGetValue(candidate.Name, out var known))
            {
                return known;
            }
        }

        return Other;
    }

    /// <summary>Null if the text is not on the list.</summary>
    public static ExceptionTypeName? ParseOrNull(string? text) => ByName.GetValueOrDefault(text ?? "");

    public override string ToString() => Value;
}
