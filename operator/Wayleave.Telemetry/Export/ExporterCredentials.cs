using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Export;

/// <param name="ApiKey">Null for none.</param>
/// <param name="Authorities">The only ones that may have signed the collector's certificate; null for those that the system trusts.</param>
/// <param name="Headers">Sent with each request; an <paramref name="ApiKey"/> wins over an <c>x-api-key</c> among them.</param>
/// <param name="Error">Why no attempt can be made; null if one can.</param>
/// <param name="Fingerprint">Changes with the credentials. Secret.</param>
internal sealed record ExporterCredentials(
    ApiKey? ApiKey, X509Certificate2Collection? Authorities, CollectorHeaders Headers, string? Error, string Fingerprint)
{
    public override string ToString() => Error ?? "(credentials)";
}

/// <summary>
/// Reads the API key and the certificate authorities from files again for each attempt, because a mounted Secret or ConfigMap changes in
/// place. Without the key file there is no key: the Secret may be created later. If the authorities cannot be read, nothing is sent.
/// </summary>
internal sealed class ExporterCredentialLoader(ApiKey? apiKey, string? apiKeyFile, string? authoritiesFile, CollectorHeaders headers)
{
    /// <summary>A larger file is not read. In bytes.</summary>
    private const int LargestFile = 1024 * 1024;

    /// <summary>Never throws but for cancellation.</summary>
    public async Task<ExporterCredentials> ReadAsync(CancellationToken cancellationToken)
    {
        var keyText = await ReadAsync(apiKeyFile, cancellationToken);
        var authoritiesText = await ReadAsync(authoritiesFile, cancellationToken);
        var fingerprint = $"{keyText}\n{authoritiesText}";
        var key = string.IsNullOrEmpty(keyText) ? apiKey : ApiKey.CreateOrNull(keyText);
        var authorities = authoritiesFile is null ? null : Parse(authoritiesText);
        var error = key is null && !string.IsNullOrEmpty(keyText) ? SendReasons.ApiKey
            : authorities is null && authoritiesFile is not null ? SendReasons.CaFile
            : null;
        return error is null
            ? new ExporterCredentials(key, authorities, headers, Error: null, fingerprint)
            : new ExporterCredentials(ApiKey: null, Authorities: null, headers, error, fingerprint);
    }

    /// <summary>The text without white space around it; null if there is no such file or it cannot be read.</summary>
    private static async Task<string?> ReadAsync(string? path, CancellationToken cancellationToken)
    {
        try
        {
            var file = path is null ? null : new FileInfo(path);
            return file is { Exists: true, Length: <= LargestFile } ? (await File.ReadAllTextAsync(path!, cancellationToken)).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static X509Certificate2Collection? Parse(string? pem)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPem(pem);
            return authorities.Count > 0 ? authorities : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
