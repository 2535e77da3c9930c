namespace Wayleave.Operator.Hosting;

/// <summary>Says in the category of each line which member cluster it is about.</summary>
internal sealed class MemberLoggerFactory(ILoggerFactory loggers, string name) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger($"{categoryName}[{name}]");

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Providers are the program's.");

    /// <summary>The loggers are the program's.</summary>
    public void Dispose()
    {
        // Nothing is held.
    }
}
