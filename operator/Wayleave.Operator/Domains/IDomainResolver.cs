using System.Net;

namespace Wayleave.Operator.Domains;

/// <summary>Looks up the addresses of DNS names. Safe for any number of callers.</summary>
internal interface IDomainResolver
{
    /// <summary>The addresses that the name has now; none when there is no such name.</summary>
    /// <exception cref="TimeoutException">Nobody answered in time.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The resolver failed.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string domain, CancellationToken cancellationToken);
}
