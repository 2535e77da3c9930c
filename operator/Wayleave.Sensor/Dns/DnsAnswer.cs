using System.Runtime.CompilerServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Dns;

/// <summary>The name that was asked, and the addresses that it has. Lives on the stack of the thread that reads packets.</summary>
internal ref struct DnsAnswer
{
    public const int MaxAddresses = 64;

    private readonly Span<char> _name;
    private AddressBuffer _addresses;

    /// <param name="name">Memory for the name: <see cref="DnsName.MaxLength"/> characters.</param>
    public DnsAnswer(Span<char> name) => _name = name;

    /// <summary>In lower case, without the final dot.</summary>
    public readonly ReadOnlySpan<char> Name => _name[..NameLength];

    /// <summary>The shortest time to live, in seconds.</summary>
    public uint Ttl { get; set; }

    public int NameLength { get; set; }

    public int Count { get; private set; }

    public readonly Span<char> NameMemory => _name;

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<Address> Addresses => ((ReadOnlySpan<Address>)_addresses)[..Count];

    public void Add(Address address)
    {
        if (Count < MaxAddresses && !Addresses.Contains(address))
        {
            _addresses[Count++] = address;
        }
    }

    [InlineArray(MaxAddresses)]
    private struct AddressBuffer
    {
        private Address _first;
    }
}
