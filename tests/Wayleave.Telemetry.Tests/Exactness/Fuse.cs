namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>
/// Kills a process at a chosen one of the moments in which it waits for something outside: just before what it asked for is done, or just
/// after, before it hears of it.
/// </summary>
internal sealed class Fuse
{
    private int _left = int.MaxValue;

    /// <summary>Moments passed so far.</summary>
    public int Passed { get; private set; }

    public bool IsBlown { get; private set; }

    /// <summary>Kills at the moment after so many more.</summary>
    public void Set(int moments) => _left = moments;

    public void Blow() => IsBlown = true;

    public async Task<T> PassAsync<T>(Func<Task<T>> work)
    {
        Pass();
        var result = await work();
        Pass();
        return result;
    }

    private void Pass()
    {
        IsBlown = IsBlown || _left-- == 0;
        if (IsBlown)
        {
            throw new CrashException();
        }

        Passed++;
    }
}
