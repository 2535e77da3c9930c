using System.Collections.Immutable;
using System.Threading.Channels;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Telemetry.Objects;

/// <summary>A feed for each kind that is counted.</summary>
public sealed class ObjectFeedSet
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public ObjectFeedSet() => All = [.. CountedKindCatalog.All.Select(kind => new ObjectFeed(kind, () => _news.Writer.TryWrite(true)))];

    public ImmutableArray<ObjectFeed> All { get; }

    public ObjectFeed Of(CountedKind kind) => All.First(feed => feed.Kind == kind);

    /// <summary>Returns when something has changed since the last return. For one caller at a time.</summary>
    internal async Task ChangedAsync(CancellationToken cancellationToken) => await _news.Reader.ReadAsync(cancellationToken);
}
