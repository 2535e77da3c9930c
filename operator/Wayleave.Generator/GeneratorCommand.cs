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
            || Files(args[0], folders[0]) is not { } files)
        {
            error.WriteLine(Usage);
            return 2;
        }

        return check ? Check(files, folders, error) : Write(files, folders, output);
    }

    private static GeneratedFolder? Files(string what, string folder) => what switch
    {
        "crds" => CrdFolder.Generate(),
        "docs" => DocsFolder.Generate(),
        "pictures" => OverviewPicture.Generate(),
        "rbac" => RbacFiles.Generate(),
        "values" => ValuesTable.Generate(folder),
        _ => null,
    };

    private static int Write(GeneratedFolder files, List<string> folders, TextWriter output)
    {
        foreach (var path in folders.SelectMany(files.Write))
        {
            output.WriteLine(path);
        }

        return 0;
    }

    private static int Check(GeneratedFolder files, List<string> folders, TextWriter error)
    {
        var different = folders.SelectMany(files.Differences).ToList();
        foreach (var path in different)
        {
            error.WriteLine($"{path} is out of date; run `make generate`");
        }

        return different.Count == 0 ? 0 : 1;
    }
}
