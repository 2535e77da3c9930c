using Wayleave.Kubernetes.Configuration;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Configuration;

public sealed class FileTokenProviderTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly string _path = Path.GetTempFileName();
    private readonly FileTokenProvider _tokens;

    public FileTokenProviderTests()
    {
        _tokens = new FileTokenProvider(_path, _time);
        File.WriteAllText(_path, " one\n");
    }

    public void Dispose()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path);
        }

        File.Delete(_path);
    }

    [Fact]
    public async Task The_token_is_the_files_text_without_space_around_it()
    {
        (await GetAsync()).ShouldBe("one");
    }

    [Fact]
    public async Task The_file_is_read_again_after_a_minute()
    {
        await GetAsync();
        await File.WriteAllTextAsync(_path, "two");

        _time.Advance(TimeSpan.FromSeconds(59));
        (await GetAsync()).ShouldBe("one");
        _time.Advance(TimeSpan.FromSeconds(1));

        (await GetAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task The_file_is_read_at_once_when_the_token_was_refused()
    {
        await GetAsync();
        await File.WriteAllTextAsync(_path, "two");

        (await GetAsync(refresh: true)).ShouldBe("two");
        (await GetAsync()).ShouldBe("two");
    }

    [Fact]
    public async Task The_last_token_stays_in_use_while_the_file_is_gone()
    {
        await GetAsync();
        File.Delete(_path);

        _time.Advance(TimeSpan.FromMinutes(5));
        (await GetAsync()).ShouldBe("one");
        await File.WriteAllTextAsync(_path, "two");

        (await GetAsync()).ShouldBe("two", "a failure is not remembered for a minute");
    }

    [Fact]
    public async Task The_last_token_stays_in_use_while_the_file_is_empty()
    {
        await GetAsync();
        await File.WriteAllTextAsync(_path, "\n");

        (await GetAsync(refresh: true)).ShouldBe("one");
    }

    [Fact]
    public async Task The_last_token_stays_in_use_while_the_file_may_not_be_read()
    {
        await GetAsync();
        File.Delete(_path);
        Directory.CreateDirectory(_path);

        (await GetAsync(refresh: true)).ShouldBe("one");
    }

    [Fact]
    public async Task Without_any_token_a_file_that_cannot_be_read_is_an_error()
    {
        File.Delete(_path);

        await Should.ThrowAsync<IOException>(() => GetAsync());
    }

    [Fact]
    public async Task A_static_token_is_always_the_same()
    {
        (await new StaticTokenProvider("one").GetTokenAsync(refresh: true, default)).ShouldBe("one");
    }

    private Task<string> GetAsync(bool refresh = false) => _tokens.GetTokenAsync(refresh, CancellationToken.None).AsTask();
}
