using System.Security.Cryptography.X509Certificates;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Export;

/// <summary>What an attempt needs to be let in, as it is just now.</summary>
/// <param name="ApiKey">Null for none.</param>
/// <param name="Authorities">The only ones that may have signed the collector's certificate; null for those that the system trusts.</param>
/// <param name="Headers">Sent with each request; an <paramref name="ApiKey"/> wins over an <c>x-api-key</c> among them.</param>
/// <param name="Obstacle">Why no attempt can be made; null if one can.</param>
/// <param name="Mark">Another text when anything about it has changed. Secret.</param>
internal sealed record ExporterCredentials(
    ApiKey? ApiKey, X509Certificate2Collection? Authorities, CollectorHeaders Headers, string? Obstacle, string Mark)
{
    public override string ToString() => Obstacle ?? "(access)";
}
