using Wayleave.Cli.Access;
using Wayleave.Cli.Tests.Support;
using Wayleave.Enforcement;

namespace Wayleave.Cli.Tests.Units;

/// <summary>The Deployment of the operator is an object of the cluster, which others may have written.</summary>
public sealed class OperatorFinderTests : CliTest
{
    private const string Args = "args: [--namespace=wayleave-system, --mode=Enforce, --egress=false]";

    [Theory]
    [InlineData("args: [probe, 'http://127.0.0.1:9/']")]
    [InlineData("args: [--help]")]
    [InlineData("args: [--version]")]
    [InlineData("args: ['@/etc/hostname']")]
    [InlineData("args: ['--namespace', '@/etc/hostname']")]
    [InlineData("args: [--mode=Sometimes]")]
    [InlineData("command: [/bin/sh, -c, 'exec wayleave-operator'], args: []")]
    public async Task Does_not_execute_the_arguments_of_a_Deployment(string arguments)
    {
        Given(arguments);
        using var notes = new StringWriter();

        var error = await Should.ThrowAsync<CliException>(() => FindAsync(notes));
        error.Message.ShouldStartWith("the options of the operator's Deployment cannot be read: ");
        error.Message.ShouldNotContain(Environment.MachineName);
        notes.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("args: ['--mode=$(MODE)'], env: [{name: MODE, value: Shadow}]")]
    [InlineData("args: ['--mode=$(MODE)'], env: [{name: BASE, value: Shadow}, {name: MODE, value: $(BASE)}]")]
    [InlineData("env: [{name: WAYLEAVE_MODE, value: Shadow}]")]
    [InlineData("command: [/app/wayleave-operator, --mode=Shadow], args: [--egress=false]")]
    [InlineData("command: [/app/wayleave-operator], args: [--mode, Shadow]")]
    public async Task Reads_options_from_the_command_the_arguments_and_variables(string container)
    {
        Given(container);
        using var notes = new StringWriter();

        var found = await FindAsync(notes);
        found.Options.Governance.Mode.ShouldBe(EnforcementMode.Shadow);
        found.Options.Namespace.ShouldBe("wayleave-system");
        notes.ToString().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(
        "env: [{name: WAYLEAVE_MODE, valueFrom: {configMapKeyRef: {name: a, key: b}}}]",
        "Note: WAYLEAVE_MODE of the operator's Deployment has a value that is not in the Deployment (valueFrom); it is ignored.")]
    [InlineData(
        "envFrom: [{configMapRef: {name: a}}]",
        "Note: the operator's Deployment has variables from a ConfigMap or a Secret (envFrom), which are not read; options among them are ignored.")]
    [InlineData(
        "args: ['--kubeconfig=$(NAME)'], env: [{name: NAME, valueFrom: {configMapKeyRef: {name: a, key: b}}}]",
        "Note: \"--kubeconfig=$(NAME)\" of the operator's Deployment refers to a value that is not in the Deployment; it is used as it is.")]
    public async Task Notes_options_that_cannot_be_read(string container, string note)
    {
        Given(container);
        using var notes = new StringWriter { NewLine = "\n" };

        await FindAsync(notes);

        notes.ToString().ShouldBe(note + "\n");
    }

    [Fact]
    public async Task Knows_the_namespace_of_the_Pod_and_ignores_variables_of_others()
    {
        Given(
            "env: [{name: WAYLEAVE_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}},"
                + " {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]");
        using var notes = new StringWriter();

        (await FindAsync(notes)).Options.Namespace.ShouldBe("wayleave-system");
        notes.ToString().ShouldBeEmpty();
    }

    private void Given(string container)
    {
        Apply(Shop.Namespace("wayleave-system"));
        Apply(Shop.Operator.Replace(Args, container, StringComparison.Ordinal));
    }

    private Task<InstalledOperator> FindAsync(TextWriter notes) =>
        new OperatorFinder(Connection, notes).FindAsync(null, CancellationToken.None);
}
