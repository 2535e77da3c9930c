using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Wayleave.EventStore.Events;

namespace Wayleave.EventStore.Redaction;

/// <summary>
/// Serializes payloads and replaces what looks like a secret by <c>[redacted]</c>: by the name of its key, and by the form of its value.
/// It reuses its buffers. Not thread-safe.
/// </summary>
public sealed class Redactor : IDisposable
{
    /// <summary>The most bytes of a string in UTF-8. The rest is cut off.</summary>
    public const int MaxBytes = 4096;

    private const string Ellipsis = "\u2026";

    /// <summary>A key is a secret's if it ends with one of these, ignoring case, separators and a plural's <c>s</c>.</summary>
    private static readonly string[] _secretKeys =
    [
        "authorization", "password", "passwd", "passphrase", "secret", "token", "apikey", "privatekey", "secretkey", "accesskey",
        "clientkeydata", "clientkey", "tlskey", "kubeconfig", "credential", "cookie", "connectionstring", "bearer",
    ];

    private static readonly int _longestKey = _secretKeys.Max(key => key.Length);

    private readonly ArrayBufferWriter<byte> _serialized = new(1024);
    private readonly ArrayBufferWriter<byte> _redacted = new(1024);
    private readonly Utf8JsonWriter _serializer;
    private readonly Utf8JsonWriter _writer;
    private char[] _text = new char[1024];

    public Redactor()
    {
        // The store is no HTML page: nothing but JSON's own characters needs an escape.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        (_serializer, _writer) = (new Utf8JsonWriter(_serialized, options), new Utf8JsonWriter(_redacted, options));
    }

    /// <summary>The redacted JSON of a payload, in UTF-8.</summary>
    /// <exception cref="KeyNotFoundException">The catalog has no row for it.</exception>
    public byte[] Serialize(EventPayload payload)
    {
        _serialized.ResetWrittenCount();
        _serializer.Reset(_serialized);
        JsonSerializer.Serialize(_serializer, payload, EventCatalog.Get(payload).Json);
        _serializer.Flush();
        return Redact(_serialized.WrittenSpan);
    }

    /// <summary>Redacts JSON in UTF-8.</summary>
    public byte[] Redact(ReadOnlySpan<byte> json)
    {
        _redacted.ResetWrittenCount();
        _writer.Reset(_redacted);
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            Copy(ref reader);
        }

        _writer.Flush();
        return _redacted.WrittenSpan.ToArray();
    }

    /// <summary>A text of the envelope, redacted by its form.</summary>
    public static string Redact(string text)
    {
        var redacted = SecretText.RedactOrNull(text) ?? text;
        return Cut(redacted) is { } cut ? cut : redacted;
    }

    public void Dispose()
    {
        _serializer.Dispose();
        _writer.Dispose();
    }

    private void Copy(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                _writer.WriteStartObject();
                break;
            case JsonTokenType.EndObject:
                _writer.WriteEndObject();
                break;
            case JsonTokenType.StartArray:
                _writer.WriteStartArray();
                break;
            case JsonTokenType.EndArray:
                _writer.WriteEndArray();
                break;
            case JsonTokenType.PropertyName:
                CopyProperty(ref reader);
                break;
            case JsonTokenType.String:
                _writer.WriteStringValue(GetRedactedText(ref reader));
                break;
            default:
                _writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private void CopyProperty(ref Utf8JsonReader reader)
    {
        var name = GetText(ref reader);
        var isSecret = IsSecretKey(name);
        _writer.WritePropertyName(GetRedacted(name));
        if (isSecret)
        {
            reader.Read();
            reader.Skip();
            _writer.WriteStringValue(SecretText.Redacted);
        }
    }

    private ReadOnlySpan<char> GetRedactedText(ref Utf8JsonReader reader) => GetRedacted(GetText(ref reader));

    private ReadOnlySpan<char> GetText(ref Utf8JsonReader reader)
    {
        if (_text.Length < reader.ValueSpan.Length)
        {
            _text = new char[reader.ValueSpan.Length];
        }

        return _text.AsSpan(0, reader.CopyString(_text));
    }

    private static ReadOnlySpan<char> GetRedacted(ReadOnlySpan<char> text)
    {
        if (SecretText.RedactOrNull(text) is { } redacted)
        {
            text = redacted;
        }

        return Cut(text) is { } cut ? cut : text;
    }

    /// <summary>Null if the text is short enough.</summary>
    private static string? Cut(ReadOnlySpan<char> text)
    {
        if (text.Length <= MaxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= MaxBytes)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MaxBytes - 3];
        Utf8.FromUtf16(text, bytes, out var characters, out _);
        return string.Concat(text[..characters], Ellipsis);
    }

    private static bool IsSecretKey(ReadOnlySpan<char> key)
    {
        // Only the end matters, and one more character for the plural.
        Span<char> end = stackalloc char[_longestKey + 1];
        var start = end.Length;
        for (var i = key.Length - 1; i >= 0 && start > 0; i--)
        {
            if (key[i] is not ('-' or '_' or '.'))
            {
                end[--start] = char.ToLowerInvariant(key[i]);
            }
        }

        var normalized = end[start..];
        var singular = normalized.TrimEnd('s');
        foreach (var secret in _secretKeys)
        {
            if (singular.EndsWith(secret, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
