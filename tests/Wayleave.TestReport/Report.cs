namespace Wayleave.TestReport;

/// <summary>The closing lines of a test run.</summary>
internal sealed class Report(IReadOnlyList<ProjectResults> projects)
{
    private const int MessageLines = 40;
    private const int LineLength = 300;

    private readonly int _passed = projects.Sum(project => project.Passed);
    private readonly int _skipped = projects.Sum(project => project.SkipReasons.Count);
    private readonly int _failed = projects.Sum(Failures);

    /// <summary>Whether tests ran and none failed.</summary>
    public bool IsSuccess => _failed == 0 && _passed + _skipped > 0;

    public IEnumerable<string> Lines() =>
        [.. projects.SelectMany(Counts), .. projects.SelectMany(FailedTests), $"{_passed} passed, {_failed} failed"];

    // A project without all its results counts as one failure, so that the closing line never hides it.
    private static int Failures(ProjectResults project) => project.Failed.Count + (project.Problem is null ? 0 : 1);

    private static IEnumerable<string> Counts(ProjectResults project) =>
    [
        $"{project.Name,-34} {project.Passed,5} passed {Failures(project),3} failed {project.SkipReasons.Count,3} skipped",
        .. project.SkipReasons.CountBy(reason => reason).Select(reason => $"{"",34} {reason.Value,5} skipped: {OneLine(reason.Key)}"),
    ];

    private static IEnumerable<string> FailedTests(ProjectResults project) =>
    [
        .. project.Failed.SelectMany(test => (string[])[$"FAILED {test.Name}", .. Beginning(test.Message), .. Beginning(test.StackTrace).Where(IsInSource)]),
        .. project.Problem is null ? [] : (string[])[$"FAILED {project.Name} {project.Problem}"],
    ];

    private static IEnumerable<string> Beginning(string message) => message.Split('\n')
        .Take(MessageLines)
        .Select(line => line.TrimEnd())
        .Where(line => line.Length > 0)
        .Select(line => line[..Math.Min(line.Length, LineLength)]);

    // Frames of the test and of what it tests, not of the runner.
    private static bool IsInSource(string frame) => frame.Contains(":line ", StringComparison.Ordinal);

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
