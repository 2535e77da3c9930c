using System.Reflection;
using Wayleave.Testing.ControlPlane;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Wayleave.EndToEnd.Tests.EndToEndTestFramework", "Wayleave.EndToEnd.Tests")]

namespace Wayleave.EndToEnd.Tests;

/// <summary>Prints the version of Kubernetes when a run starts.</summary>
public sealed class EndToEndTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName)
    {
        DiagnosticMessageSink.OnMessage(new DiagnosticMessage(ControlPlane.ReadServerVersionAsync().GetAwaiter().GetResult()));
        return base.CreateExecutor(assemblyName);
    }
}
