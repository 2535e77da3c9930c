using System.Text;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>Reads files that may be anything, such as a device or a pipe.</summary>
public static class LengthLimitedFile
{
    /// <summary>The largest file of a kubeconfig, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Null for a file of more than <paramref name="maxBytes"/>.</summary>
    public static string? ReadText(string path, int maxBytes = MaxBytes)
    {
        using var file = File.OpenRead(path);
        var bytes = new MemoryStream();
        var buffer = new byte[8192];
        for (int read; (read = file.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > maxBytes)
            {
                return null;
            }
        }

        bytes.Position = 0;
        using var text = new StreamReader(bytes, Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        return text.ReadToEnd();
    }

    /// <summary>Null for a text of more than <paramref name="maxCharacters"/>.</summary>
    public static string? ReadText(TextReader reader, int maxCharacters)
    {
        var text = new StringBuilder();
        var buffer = new char[8192];
        for (int read; (read = reader.Read(buffer)) > 0;)
        {
            text.Append(buffer, 0, read);
            if (text.Length > maxCharacters)
            {
                return null;
            }
        }

        return text.ToString();
    }

    /// <summary>Why a file cannot be read, without its path.</summary>
    public static string Describe(Exception error) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => "it does not exist",
        UnauthorizedAccessException => "it is a folder, or reading it is not permitted",
        PathTooLongException => "the path is too long",
        _ => "the operating system returned an error",
    };
}
