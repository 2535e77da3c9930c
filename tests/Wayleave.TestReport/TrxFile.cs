using System.Xml;
using System.Xml.Linq;

namespace Wayleave.TestReport;

/// <summary>The results of one test project.</summary>
/// <param name="Problem">Why the counts are not all results. Null if they are.</param>
internal sealed record ProjectResults(string Name, int Passed, IReadOnlyList<FailedTest> Failed, IReadOnlyList<string> SkipReasons, string? Problem);

internal sealed record FailedTest(string Name, string Message, string StackTrace);

/// <summary>Reads what the trx logger of <c>dotnet test</c> wrote.</summary>
internal static class TrxFile
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static ProjectResults Read(string folder, string project)
    {
        var path = Path.Combine(folder, $"{project}.trx");
        try
        {
            // The output of a test may have characters that XML does not allow.
            using var reader = XmlReader.Create(path, new XmlReaderSettings { CheckCharacters = false });
            return Read(project, XDocument.Load(reader));
        }
        catch (Exception error) when (error is IOException or XmlException)
        {
            return new ProjectResults(project, 0, [], [], File.Exists(path) ? $"left results that cannot be read: {error.Message}" : "left no results");
        }
    }

    private static ProjectResults Read(string project, XDocument document)
    {
        var results = document.Root?.Element(Trx + "Results")?.Elements(Trx + "UnitTestResult").ToList() ?? [];
        var failed = results.Where(IsFailed)
            .Select(result => new FailedTest((string?)result.Attribute("testName") ?? "", Error(result, "Message"), Error(result, "StackTrace")));
        var skipped = results.Where(result => Outcome(result) == "NotExecuted").Select(result => Error(result, "Message"));
        return new ProjectResults(
            project,
            results.Count(result => Outcome(result) == "Passed"),
            [.. failed],
            [.. skipped],
            results.Any(IsFailed) ? null : ProblemOf(document.Root?.Element(Trx + "ResultSummary")));
    }

    private static string? ProblemOf(XElement? summary)
    {
        if (Outcome(summary) == "Completed")
        {
            return null;
        }

        var error = summary?.Descendants(Trx + "RunInfo").FirstOrDefault(info => Outcome(info) == "Error")?.Value.Trim();
        return $"did not run to its end: {error ?? "no error is recorded"}".Split('\n')[0];
    }

    private static bool IsFailed(XElement result) => Outcome(result) is not ("Passed" or "NotExecuted");

    private static string? Outcome(XElement? element) => (string?)element?.Attribute("outcome");

    private static string Error(XElement result, string part) =>
        (string?)result.Element(Trx + "Output")?.Element(Trx + "ErrorInfo")?.Element(Trx + part) ?? "";
}
