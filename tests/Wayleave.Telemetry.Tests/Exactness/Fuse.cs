namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>
/// Kills a process at a chosen call to something outside it: just before the call takes effect, or just after, before the process sees the
/// result.
/// </summary>
internal sealed class Fuse
{
    private int _left = int.MaxValue;

    /// <summary>The number of moments passed so far.</summary>
    public int Passed { get; private set; }

    public bool IsBlown { get; private set; }

    /// <summary>Kills the process after this number of further moments.</summary>
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
