using System.Buffers;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>How the body of a response is read. The API server chooses the format; its content type says which it is.</summary>
internal abstract class ResponseFormat<TEntity>
    where TEntity : class
{
    public abstract Task<TEntity> ReadAsync(Stream body, CancellationToken cancellationToken);

    /// <summary>A list, object by object. Returns its metadata.</summary>
    public abstract Task<V1ListMeta> ReadListAsync(Stream body, Action<TEntity> each, CancellationToken cancellationToken);

    /// <summary>Takes the next complete event from the body of a watch, if there is one.</summary>
    public abstract bool TryTakeEvent(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> change);

    /// <param name="change">What <see cref="TryTakeEvent"/> took.</param>
    /// <param name="isKnown">Whether the caller already has this version of the object (<see cref="ListOptions.IsKnown"/>).</param>
    public abstract WatchEvent<TEntity> ReadEvent(ReadOnlySpan<byte> change, Func<string, bool>? isKnown);
}

/// <summary>JSON, which every API server offers for every kind.</summary>
internal sealed class JsonFormat<TEntity>(JsonTypeInfo<TEntity> json) : ResponseFormat<TEntity>
    where TEntity : class
{
    public override Task<TEntity> ReadAsync(Stream body, CancellationToken cancellationToken) =>
        EntityJson.ReadAsync(body, json, cancellationToken);

    public override Task<V1ListMeta> ReadListAsync(Stream body, Action<TEntity> each, CancellationToken cancellationToken) =>
        new ListStream<TEntity>(json, each).ReadAsync(body, cancellationToken);

    // One event per line.
    public override bool TryTakeEvent(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> change)
    {
        var reader = new SequenceReader<byte>(rest);
        var isComplete = reader.TryReadTo(out change, (byte)'\n');
        rest = reader.UnreadSequence;
        return isComplete;
    }

    public override WatchEvent<TEntity> ReadEvent(ReadOnlySpan<byte> change, Func<string, bool>? isKnown) =>
        WatchEventJson.Read(change, json, isKnown);
}

/// <summary>
/// Protobuf, which costs the API server and this process a fraction of JSON. Offered for Kubernetes' own kinds, never for those of a
/// CustomResourceDefinition (Kubernetes API concepts, "Alternate representations of resources").
/// </summary>
internal sealed class ProtobufFormat<TEntity>(MessageParser<TEntity> parser) : ResponseFormat<TEntity>
    where TEntity : class
{
    public override async Task<TEntity> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        await body.CopyToAsync(buffer, cancellationToken);
        return parser.Parse(ProtobufEnvelope.Open(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    public override Task<V1ListMeta> ReadListAsync(Stream body, Action<TEntity> each, CancellationToken cancellationToken) =>
        new ProtobufListStream<TEntity>(parser, each).ReadAsync(body, cancellationToken);

    public override bool TryTakeEvent(ref ReadOnlySequence<byte> rest, out ReadOnlySequence<byte> change) =>
        ProtobufEnvelope.TryTakeEvent(ref rest, out change);

    public override WatchEvent<TEntity> ReadEvent(ReadOnlySpan<byte> change, Func<string, bool>? isKnown) =>
        ProtobufEnvelope.ReadEvent(change, parser, isKnown);
}
