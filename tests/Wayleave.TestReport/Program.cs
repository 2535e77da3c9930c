using Wayleave.TestReport;

// RESULTS PROJECT...: summarizes RESULTS/PROJECT.trx of each project. tests/run calls it when all have run.
if (args.Length < 2)
{
    await Console.Error.WriteLineAsync("usage: Wayleave.TestReport RESULTS PROJECT...");
    return 2;
}

var report = new Report([.. args.Skip(1).Select(project => TrxFile.Read(args[0], project))]);
foreach (var line in report.Lines())
{
    Console.WriteLine(line);
}

return report.IsSuccess ? 0 : 1;
