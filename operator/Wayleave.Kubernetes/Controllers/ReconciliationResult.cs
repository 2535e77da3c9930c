namespace Wayleave.Kubernetes.Controllers;

/// <summary>How one reconciliation ended. A closed set; what failed unexpectedly is an exception and is tried again with a growing delay.</summary>
public abstract record ReconciliationResult
{
    private ReconciliationResult()
    {
    }

    /// <summary>Nothing is left to do until something changes.</summary>
    public static ReconciliationResult Done { get; } = new DoneResult();

    /// <summary>Some other event will bring the key back; nothing is scheduled.</summary>
    public static ReconciliationResult Waiting { get; } = new WaitingResult();

    /// <summary>Look again later even if nothing changes.</summary>
    public static ReconciliationResult RequeueAfter(TimeSpan delay) => new RequeueAfterResult(delay);

    /// <summary>The user must change something; trying again cannot help.</summary>
    public static ReconciliationResult Stalled(string reason) => new StalledResult(reason);

    /// <summary>The word that metrics use.</summary>
    public abstract string Name { get; }

    internal sealed record DoneResult : ReconciliationResult
    {
        public override string Name => "done";
    }

    internal sealed record WaitingResult : ReconciliationResult
    {
        public override string Name => "waiting";
    }

    internal sealed record RequeueAfterResult(TimeSpan Delay) : ReconciliationResult
    {
        public override string Name => "requeue_after";
    }

    internal sealed record StalledResult(string Reason) : ReconciliationResult
    {
        public override string Name => "stalled";
    }
}
