using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Wayleave.Cli.Output;
using Wayleave.Cli.Support;

namespace Wayleave.Cli.Commands;

/// <summary><c>support bundle</c>.</summary>
internal static class SupportCommand
{
    private const int KeyLength = 32;

    public static Command Create(CommonOptions options)
    {
        var withNames = new Option<bool>("--with-names")
        {
            Description = "Keep names of objects, namespaces, domains and addresses, and free text. Without it, names are hashes.",
        };
        var file = CommonOptions.Create<string?>(
            "--output-file", "FILE", "The archive to write. It must not exist. Defaults to wayleave-support-TIME.tar.gz in the current folder.");
        return options.CreateCommand(
            "bundle",
            "Writes an archive for a bug report: declarations, policies, Events, and the operator's log and metrics; no Secrets.",
            [withNames, file, options.OperatorNamespace],
            async (run, token) =>
            {
                var redactor = run.Get(withNames) ? null : new NameRedactor(RandomNumberGenerator.GetBytes(KeyLength));
                var bundle = new SupportBundle(run.Connection, redactor);
                await bundle.CollectAsync(run.Get(options.OperatorNamespace), token);
                foreach (var error in bundle.Errors)
                {
                    run.Error.WriteLine($"Note: not read: {TerminalText.Clean(error)}");
                }

                var folder = string.Create(CultureInfo.InvariantCulture, $"wayleave-support-{run.Now.UtcDateTime:yyyyMMdd-HHmmss}");
                var path = run.Get(file) ?? $"{folder}.tar.gz";
                await BundleArchive.WriteAsync(path, folder, bundle.Files, run.Now, token);
                run.Output.WriteLine(TerminalText.Clean(path));
                return ExitCodes.Success;
            });
    }
}
