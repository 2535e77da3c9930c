using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Gives one token until it is asked for a fresh one, then the other.</summary>
internal sealed class FakeTokens(string first, string fresh) : ITokenProvider
{
    private string _current = first;

    public int Refreshes { get; private set; }

    public ValueTask<string> GetTokenAsync(bool refresh, CancellationToken cancellationToken)
    {
        if (refresh)
        {
            Refreshes++;
            _current = fresh;
        }

        return ValueTask.FromResult(_current);
    }
}
