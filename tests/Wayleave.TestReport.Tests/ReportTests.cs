namespace Wayleave.TestReport.Tests;

/// <summary>The files in Samples were written by <c>dotnet test</c>.</summary>
public sealed class ReportTests
{
    private const string Crash = "The active test run was aborted. Reason: Test host process crashed : Process terminated.";

    private static readonly string Samples = Path.Combine(AppContext.BaseDirectory, "Samples");

    [Fact]
    public void Says_how_many_tests_of_each_project_passed_failed_and_were_skipped() =>
        LinesOf("passed", "mixed").Where(line => line.EndsWith(" skipped", StringComparison.Ordinal)).ShouldBe(
        [
            "passed                                 2 passed   0 failed   0 skipped",
            "mixed                                  1 passed   4 failed   3 skipped",
        ]);

    [Fact]
    public void Gives_each_reason_of_skipped_tests_once() =>
        LinesOf("mixed").Where(line => line.Contains(" skipped: ", StringComparison.Ordinal)).ShouldBe(
        [
            "                                       1 skipped: needs a <network> & \"DNS\"",
            "                                       2 skipped: needs Pods: none run here",
        ]);

    [Fact]
    public void Prints_the_full_name_of_each_failed_test() =>
        LinesOf("mixed").Where(line => line.StartsWith("FAILED ", StringComparison.Ordinal)).ShouldBe(
        [
            "FAILED Sample.MixedTests.Shouldly_compares",
            "FAILED Sample.MixedTests.Fails_with_a_long_message",
            "FAILED Sample.MixedTests.Refuses(name: \"it's\")",
            "FAILED Sample.MixedTests.Refuses(name: \"a \\\"quoted\\\" <name> & more\")",
        ]);

    [Fact]
    public void Shows_the_message_without_blank_lines_and_where_the_test_failed() =>
        MessageOf("Sample.MixedTests.Refuses(name: \"it's\")").ShouldBe(
        [
            "'it's' is <refused>", "second line & more", "  indented", "   at Sample.MixedTests.Refuses(String name) in /src/Tests.cs:line 11",
        ]);

    [Fact]
    public void Shows_no_more_than_the_first_40_lines_of_a_message_and_300_characters_of_a_line()
    {
        var lines = MessageOf("Sample.MixedTests.Fails_with_a_long_message");

        lines.Count(line => line.StartsWith("line ", StringComparison.Ordinal)).ShouldBe(40);
        lines[0].ShouldBe("line 1 xxx");
        lines[1].Length.ShouldBe(300);
        lines[39].ShouldBe("line 40 xxx");
    }

    [Fact]
    public void Ends_with_the_totals() => LinesOf("passed", "mixed")[^1].ShouldBe("3 passed, 4 failed");

    [Fact]
    public void Succeeds_when_all_tests_passed()
    {
        LinesOf("passed").ShouldBe(["passed                                 2 passed   0 failed   0 skipped", "2 passed, 0 failed"]);
        ReportOf("passed").IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public void Fails_when_a_test_failed() => ReportOf("passed", "mixed").IsSuccess.ShouldBeFalse();

    [Fact]
    public void Counts_a_project_without_results_as_a_failure()
    {
        LinesOf("passed", "missing")[^2..].ShouldBe(["FAILED missing left no results", "2 passed, 1 failed"]);
        ReportOf("passed", "missing").IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public void Counts_a_crash_of_the_test_host_as_a_failure()
    {
        LinesOf("passed", "crashed")[^2..].ShouldBe([$"FAILED crashed did not run to its end: {Crash}", "2 passed, 1 failed"]);
        ReportOf("passed", "crashed").IsSuccess.ShouldBeFalse();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    public void Counts_results_that_were_cut_off_as_a_failure(int length)
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "cut.trx"), File.ReadAllText(Path.Combine(Samples, "passed.trx"))[..length]);
            var report = new Report([TrxFile.Read(folder.FullName, "cut")]);

            report.Lines().ShouldContain(line => line.StartsWith("FAILED cut left results that cannot be read: ", StringComparison.Ordinal));
            report.Lines().Last().ShouldBe("0 passed, 1 failed");
            report.IsSuccess.ShouldBeFalse();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Fails_when_no_test_ran()
    {
        LinesOf("none")[^1].ShouldBe("0 passed, 0 failed");
        ReportOf("none").IsSuccess.ShouldBeFalse();
    }

    private static Report ReportOf(params string[] projects) => new([.. projects.Select(project => TrxFile.Read(Samples, project))]);

    private static string[] LinesOf(params string[] projects) => [.. ReportOf(projects).Lines()];

    private static IReadOnlyList<string> MessageOf(string test) =>
    [
        .. LinesOf("mixed").SkipWhile(line => line != $"FAILED {test}").Skip(1)
            .TakeWhile(line => !line.StartsWith("FAILED ", StringComparison.Ordinal) && !line.EndsWith(" failed", StringComparison.Ordinal)),
    ];
}
