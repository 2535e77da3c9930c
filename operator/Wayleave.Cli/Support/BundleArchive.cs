using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace Wayleave.Cli.Support;

/// <summary>Writes files as a compressed archive.</summary>
internal static class BundleArchive
{
    /// <summary>Writes a <c>.tar.gz</c> that only its owner can read.</summary>
    /// <param name="path">The archive. It must not exist.</param>
    /// <param name="folder">The folder in the archive that holds the files.</param>
    /// <param name="files">Texts by path.</param>
    /// <exception cref="IOException">It exists, or cannot be written. A file that was begun is removed.</exception>
    public static async Task WriteAsync(
        string path, string folder, IReadOnlyDictionary<string, string> files, DateTimeOffset time, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        try
        {
            await using var compressed = new GZipStream(file, CompressionLevel.Optimal);
            await using var archive = new TarWriter(compressed, TarEntryFormat.Pax);
            foreach (var (name, text) in files.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                var entry = new PaxTarEntry(TarEntryType.RegularFile, $"{folder}/{name}")
                {
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                    ModificationTime = time,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                };
                await archive.WriteEntryAsync(entry, cancellationToken);
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }
}
