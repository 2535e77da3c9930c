namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// A token that the kubelet keeps fresh in a file. It is read again once a minute, as client-go does, and whenever the API server refused
/// the last one. A file that cannot be read, or is empty, keeps the last token in use.
/// </summary>
public sealed class FileTokenProvider(string path, TimeProvider time) : ITokenProvider
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);
    private Reading? _last;

    public async ValueTask<string> GetTokenAsync(bool refresh, CancellationToken cancellationToken)
    {
        var last = Volatile.Read(ref _last);
        if (last is not null && !refresh && time.GetElapsedTime(last.At) < Fresh)
        {
            return last.Token;
        }

        try
        {
            var token = (await File.ReadAllTextAsync(path, cancellationToken)).Trim();
            if (token.Length == 0)
            {
                throw new IOException($"{path} is empty.");
            }

            Volatile.Write(ref _last, new Reading(token, time.GetTimestamp()));
            return token;
        }
        catch (Exception error) when (last is not null && error is (IOException or UnauthorizedAccessException))
        {
            // The kubelet replaces the file; the old token is good for minutes yet, and the next request reads again.
            return last.Token;
        }
    }

    private sealed record Reading(string Token, long At);
}
