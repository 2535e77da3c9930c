using Wayleave.Generator.Chart;
using Wayleave.Generator.Crds;
using Wayleave.Generator.Docs;
using Wayleave.Generator.Output;
using Wayleave.Generator.Pictures;
using Wayleave.Generator.Rbac;

namespace Wayleave.Generator;

/// <summary>The command line: what to generate, and the folders to write it to.</summary>
internal static class GeneratorCommand
{
    private const string Usage = "usage: crds|docs|pictures|rbac|values FOLDER... [--check]";

    /// <summary>Exit codes: 0 success or no differences, 1 differences, 2 invalid arguments.</summary>
    public static int Run(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var check = args.Contains("--check");
        var folders = args.Skip(1).Where(argument => argument != "--check").ToList();
        if (args.Count == 0
            || folders.Count == 0
            || folders.Exists(folder => folder.StartsWith('-'))
            || Generate(args[0], folders[0]) is not { } files)
        {
            error.WriteLine(Usage);
            return 2;
        }

        Func<string, IReadOnlyList<string>> process = check ? files.GetDifferences : files.Write;
        var paths = folders.SelectMany(process).ToList();
        foreach (var path in paths)
        {
            (check ? error : output).WriteLine(check ? $"{path} is out of date; run `make generate`" : path);
        }

        return check && paths.Count > 0 ? 1 : 0;
    }

    private static GeneratedFolder? Generate(string what, string folder) => what switch
    {
        "crds" => CrdFolder.Generate(),
        "docs" => DocsFolder.Generate(),
        "pictures" => OverviewPicture.Generate(),
        "rbac" => RbacFiles.Generate(),
        "values" => ValuesTable.Generate(folder),
        _ => null,
    };
}
