namespace Wayleave.Testing;

/// <summary>The files that this assembly was built from.</summary>
public static class Checkout
{
    public static string Root => PathOf();

    public static string Chart => PathOf("charts", "wayleave");

    /// <exception cref="DirectoryNotFoundException">This assembly is not in a checkout.</exception>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Operator.sln")))
            {
                return Path.Combine([folder, .. parts]);
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Operator.sln");
    }
}
