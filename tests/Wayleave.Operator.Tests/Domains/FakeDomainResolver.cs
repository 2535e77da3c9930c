using System.Net;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Answers as a test tells it to.</summary>
internal sealed class FakeDomainResolver : IDomainResolver
{
    public Func<string, IReadOnlyList<IPAddress>> Answer { get; set; } = _ => [];

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string domain, CancellationToken cancellationToken) => Task.FromResult(Answer(domain));
}
