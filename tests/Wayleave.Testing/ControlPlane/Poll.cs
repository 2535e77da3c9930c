using System.Diagnostics;
using System.Globalization;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// Waits for what happens elsewhere. A probe that throws counts as "not yet", so that it may assert, or ask a server that is down;
/// the last exception is the inner one of the time-out's.
/// </summary>
public static class Poll
{
    /// <summary>How long tests wait for what must happen: a busy machine may stand still for a minute.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);

    /// <summary>Returns the first value that is not null.</summary>
    /// <param name="what">What is waited for, as it reads after "Waited in vain for".</param>
    /// <exception cref="TimeoutException">It did not come; the message has the last value seen.</exception>
    public static Task<T> UntilAsync<T>(
        string what, Func<CancellationToken, Task<T?>> probe, TimeSpan deadline, CancellationToken cancellationToken)
        where T : class =>
        UntilAsync<T>(what, async token => (await probe(token))!, value => value is not null, deadline, cancellationToken);

    /// <summary>Returns when the probe says so.</summary>
    /// <exception cref="TimeoutException">It did not.</exception>
    public static Task UntilAsync(
        string what, Func<CancellationToken, Task<bool>> probe, TimeSpan deadline, CancellationToken cancellationToken) =>
        UntilAsync(what, probe, value => value, deadline, cancellationToken);

    /// <summary>Returns the first value that is wanted.</summary>
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
