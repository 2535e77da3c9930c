namespace Wayleave.Cli.Telemetry;

/// <summary>
/// The file in which a person's telemetry waits. Failures are an <see cref="IOException"/>, an
/// <see cref="UnauthorizedAccessException"/>, or an <see cref="InvalidDataException"/> for a damaged file.
/// </summary>
internal interface ITelemetryStateFile
{
    /// <summary>Keeps other processes from a change, until the result is disposed. A killed process releases it too.</summary>
    /// <returns>Null if another process kept it for longer than half a second.</returns>
    Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken);

    /// <summary>Null if there is no file. Needs no lock, because the file is replaced as a whole.</summary>
    TelemetryState? Read();

    /// <summary>Replaces the file. Needs the lock.</summary>
    /// <param name="isDurable">Whether it has to survive a loss of power too.</param>
    void Write(TelemetryState state, bool isDurable = false);
}

/// <summary>
/// <c>telemetry.json</c> in the folder of the program's state, and beside it the file that is locked. Only their owner can read them.
/// </summary>
internal sealed class TelemetryStateFile(string directory, TimeProvider time) : ITelemetryStateFile
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>In bytes. More than twice what the bounds of the counts allow. A larger file is not read.</summary>
    private const int MaximumLength = 256 * 1024;

    private const string CliFolder = "wayleave";

    private static readonly TimeSpan _lockTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _lockInterval = TimeSpan.FromMilliseconds(10);

    public string FullName { get; } = Path.Combine(directory, "telemetry.json");

    /// <summary>
    /// The folder by the XDG Base Directory Specification, which ignores a relative path. Null if neither variable names a folder.
    /// </summary>
    public static string? FindDirectory(IReadOnlyDictionary<string, string> variables) =>
        variables.TryGetValue("XDG_STATE_HOME", out var state) && Path.IsPathRooted(state) ? Path.Combine(state, CliFolder)
        : variables.TryGetValue("HOME", out var home) && Path.IsPathRooted(home) ? Path.Combine(home, ".local", "state", CliFolder)
        : null;

    public async Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
    {
        CreateDirectory();
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return Open(Path.Combine(directory, "telemetry.lock"), FileMode.OpenOrCreate);
            }
            catch (IOException exception) when (IsLocked(exception))
            {
                // Another process has it for a moment.
            }

            if (time.GetElapsedTime(start) >= _lockTimeout)
            {
                return null;
            }

            await Task.Delay(_lockInterval, time, cancellationToken);
        }
    }

    public TelemetryState? Read()
    {
        try
        {
            using var stream = File.OpenRead(FullName);
            if (stream.Length > MaximumLength)
            {
                throw new InvalidDataException($"it is larger than {MaximumLength} bytes");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return TelemetryStateSerializer.Read(bytes);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(TelemetryState state, bool isDurable = false)
    {
        var draft = FullName + ".tmp";
        using (var stream = Open(draft, FileMode.Create))
        {
            stream.Write(TelemetryStateSerializer.Write(state));
            stream.Flush(isDurable);
        }

        File.Move(draft, FullName, overwrite: true);
    }

    // EWOULDBLOCK of Linux and of macOS, and ERROR_SHARING_VIOLATION of Windows.
    private static bool IsLocked(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020);

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, OwnersFolder);
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }
}
