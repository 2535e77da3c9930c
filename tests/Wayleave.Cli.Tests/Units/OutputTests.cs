using System.Text.Json.Nodes;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Tests.Units;

public sealed class OutputTests
{
    [Theory]
    [InlineData(0, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(310, "5m10s")]
    [InlineData(3600, "60m")]
    [InlineData(3 * 3600, "3h")]
    [InlineData((4 * 3600) + 300, "4h5m")]
    [InlineData(47 * 3600, "47h")]
    [InlineData(52 * 3600, "2d4h")]
    [InlineData(30 * 86400, "30d")]
    [InlineData(-5, "0s")]
    public void Ages_are_those_of_kubectl(int seconds, string age)
    {
        var now = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        Age.Format(now.UtcDateTime.AddSeconds(-seconds), now).ShouldBe(age);
    }

    [Fact]
    public void Columns_are_as_wide_as_their_longest_cell()
    {
        var table = new Table("NAME", "STATE");
        table.Add("a-long-name", new Cell("True", Color.Green));
        table.Add("b", "False");
        using var writer = new StringWriter { NewLine = "\n" };

        table.Print(writer, new Palette(isEnabled: true));

        writer.ToString().ShouldBe("NAME          STATE\na-long-name   \e[32mTrue\e[0m\nb             False\n");
    }

    [Theory]
    [InlineData("yes", "'yes'")]
    [InlineData("12", "'12'")]
    [InlineData("", "''")]
    [InlineData("cart", "cart")]
    [InlineData("a: b", "'a: b'")]
    [InlineData("a\nb", "\"a\\nb\"")]
    [InlineData("1.20", "'1.20'")]
    [InlineData("10.0.0.0/8", "'10.0.0.0/8'")]
    public void Text_stays_text_in_YAML(string text, string yaml) =>
        StructuredText.ToYaml(new JsonObject { ["x"] = text }).ShouldBe($"x: {yaml}\n");
}
