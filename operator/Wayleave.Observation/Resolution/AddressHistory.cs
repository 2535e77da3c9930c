using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>An address, and a port if the same address means something else at another port. 0 for every port.</summary>
internal readonly record struct AddressKey(IPAddress Address, int Port = 0);

/// <summary>
/// Who used an address when. An address is used again as soon as its Pod is gone, so an answer depends on the time. Bounded. Not
/// thread-safe.
/// </summary>
/// <param name="retention">How long a use is kept after its end.</param>
/// <param name="maxUses">The most uses. Beyond, those that ended first are forgotten first.</param>
internal sealed class AddressHistory<TUser>(TimeSpan retention, int maxUses)
    where TUser : notnull
{
    // Watches are late, and clocks of nodes differ.
    private static readonly TimeSpan _tolerance = TimeSpan.FromMinutes(1);

    private readonly Dictionary<AddressKey, List<Use>> _uses = [];
    private readonly Queue<(AddressKey Address, Use Use)> _ended = new();

    /// <summary>All uses, those that ended too.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The address is used from then on. If it is known to be used by the same user, an earlier time replaces a later one.
    /// </summary>
    public void Begin(AddressKey address, TUser user, DateTimeOffset from)
    {
        if (!_uses.TryGetValue(address, out var uses))
        {
            _uses[address] = uses = [];
        }

        if (FindOpen(uses, user) is { } open)
        {
            open.From = from < open.From ? from : open.From;
            return;
        }

        uses.Add(new Use(user, from));
        Count++;
        while (Count > maxUses && _ended.Count > 0)
        {
            ForgetOldest();
        }
    }

    /// <summary>The address is no longer used by that user. Does nothing if it was not.</summary>
    public void End(AddressKey address, TUser user, DateTimeOffset at)
    {
        if (_uses.TryGetValue(address, out var uses) && FindOpen(uses, user) is { } open)
        {
            open.To = at;
            _ended.Enqueue((address, open));
        }
    }

    /// <summary>The user has other addresses. The new ones are used from then on.</summary>
    public void Replace(
        IReadOnlyCollection<AddressKey> old, IReadOnlyCollection<AddressKey> current, TUser user, DateTimeOffset from, DateTimeOffset now)
    {
        foreach (var address in old.Except(current))
        {
            End(address, user, now);
        }

        foreach (var address in current)
        {
            Begin(address, user, from);
        }
    }

    /// <summary>
    /// The user at that time. If several were, because the end of a use is seen late, the one that began last. If none was, the one that is
    /// nearest in time, at most a minute away.
    /// </summary>
    /// <returns>Whether there is one.</returns>
    public bool TryFind(AddressKey address, DateTimeOffset at, [MaybeNullWhen(false)] out TUser user)
    {
        Use? best = null;
        foreach (var use in _uses.GetValueOrDefault(address) ?? [])
        {
            best = best is null || IsBetter(use, best, at) ? use : best;
        }

        var isFound = best is not null && best.DistanceTo(at) <= _tolerance;
        user = isFound ? best!.User : default;
        return isFound;
    }

    /// <summary>Forgets uses that ended longer ago than the retention.</summary>
    public void Sweep(DateTimeOffset now)
    {
        while (_ended.TryPeek(out var oldest) && oldest.Use.To + retention < now)
        {
            ForgetOldest();
        }
    }

    private static Use? FindOpen(List<Use> uses, TUser user) =>
        uses.Find(use => use.To is null && EqualityComparer<TUser>.Default.Equals(use.User, user));

    private static bool IsBetter(Use use, Use than, DateTimeOffset at)
    {
        var (distance, other) = (use.DistanceTo(at), than.DistanceTo(at));
        return distance < other || (distance == other && use.From > than.From);
    }

    private void ForgetOldest()
    {
        var (address, use) = _ended.Dequeue();
        var uses = _uses[address];
        uses.Remove(use);
        Count--;
        if (uses.Count == 0)
        {
            _uses.Remove(address);
        }
    }

    private sealed class Use(TUser user, DateTimeOffset from)
    {
        public TUser User { get; } = user;

        public DateTimeOffset From { get; set; } = from;

        /// <summary>Null while it lasts.</summary>
        public DateTimeOffset? To { get; set; }

        public TimeSpan DistanceTo(DateTimeOffset at) =>
            at < From ? From - at
            : To is { } end && end < at ? at - end
            : TimeSpan.Zero;
    }
}
