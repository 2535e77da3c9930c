using System.Net;
using System.Net.Sockets;

namespace Wayleave.Operator.Domains;

/// <summary>
/// The resolver of the machine. It tells no time to live, so that names are looked up again after a fixed time. A name is looked up as it is
/// written, as a client's own look-up would.
/// </summary>
internal sealed class SystemDomainResolver(TimeProvider time) : IDomainResolver
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string domain, CancellationToken cancellationToken)
    {
        try
        {
            // The look-up itself cannot be given up on Linux; its thread is let go and its answer ignored.
            return await Dns.GetHostAddressesAsync(domain, cancellationToken).WaitAsync(Patience, time, cancellationToken);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
    }
}
