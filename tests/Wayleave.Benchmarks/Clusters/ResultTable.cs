using System.Text;

namespace Wayleave.Benchmarks.Clusters;

/// <summary>Figures as a Markdown table.</summary>
internal sealed class ResultTable
{
    private readonly StringBuilder _text = new("| figure | value |\n| --- | --- |\n");

    public void Add(string figure, string value)
    {
        _text.Append($"| {figure} | {value} |\n");
        Console.Error.WriteLine($"{figure}: {value}");
    }

    public override string ToString() => _text.ToString();
}
