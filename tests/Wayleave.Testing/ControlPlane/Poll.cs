using System.Diagnostics;
using System.Globalization;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// Waits until a probe succeeds. A probe that throws is retried, so it may assert, or call a server that is down. The last exception is the inner
/// exception of the timeout.
/// </summary>
public static class Poll
{
    /// <summary>The default timeout of tests. A busy machine may stall for a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Waits for a value that is not null.</summary>
    /// <param name="what">The expected event, as it reads after "Waited in vain for".</param>
    /// <exception cref="TimeoutException">It did not come; the message has the last value seen.</exception>
    public static Task<T> UntilAsync<T>(
        string what, Func<CancellationToken, Task<T?>> probe, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class =>
        UntilAsync<T>(what, async token => (await probe(token))!, value => value is not null, deadline, cancellationToken);

    /// <summary>Waits until the probe returns true.</summary>
    /// <exception cref="TimeoutException">It did not in time.</exception>
    public static Task UntilAsync(
        string what, Func<CancellationToken, Task<bool>> probe, TimeSpan deadline, CancellationToken cancellationToken) =>
        UntilAsync(what, probe, value => value, deadline, cancellationToken);

    /// <summary>Waits for a value that meets a condition.</summary>
    /// <exception cref="TimeoutException">It did not come; the message has the last value seen.</exception>
    public static async Task<T> UntilAsync<T>(
        string what, Func<CancellationToken, Task<T>> probe, Func<T, bool> wanted, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var left = deadline - clock.Elapsed;
            var (value, failure) = await TryAsync(probe, left > Interval ? left : Interval, cancellationToken);
            if (failure is null && wanted(value!))
            {
                return value!;
            }

            if (clock.Elapsed >= deadline)
            {
                var seen = failure?.Message ?? value?.ToString() ?? "nothing";
                var seconds = deadline.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
                throw new TimeoutException($"Waited in vain for {what} ({seconds} s); last seen: {seen}", failure);
            }

            await Task.Delay(Interval, cancellationToken);
        }
    }

    private static async Task<(T? Value, Exception? Failure)> TryAsync<T>(
        Func<CancellationToken, Task<T>> probe, TimeSpan left, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(left);
        try
        {
            return (await probe(limit.Token), null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return (default, failure);
        }
    }
}
