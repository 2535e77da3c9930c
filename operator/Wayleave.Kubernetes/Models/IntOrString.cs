using System.Globalization;
using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Models;

/// <summary>A port given by number or by name.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString
{
    public IntOrString(int number) => Number = number;

    public IntOrString(string text) => Text = text;

    public int Number { get; }

    /// <summary>The name; null when a number was given.</summary>
    public string? Text { get; }

    public static implicit operator IntOrString(int number) => new(number);

    public static implicit operator IntOrString(string text) => new(text);

    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
