using System.Text;
using System.Xml.Linq;
using Wayleave.Api.Tests.Crds;
using Wayleave.Generator.Docs;
using Wayleave.Generator.Pictures;

namespace Wayleave.Api.Tests.Docs;

public sealed class DocsFolderTests
{
    [Fact]
    public void The_pages_match_the_generated_pages() =>
        DocsFolder.Generate().GetDifferences(Path.Combine(RepositoryFolder.Path, "docs")).ShouldBeEmpty("run `make generate`");

    [Fact]
    public void The_picture_matches_the_generated_picture() =>
        OverviewPicture.Generate().GetDifferences(Path.Combine(RepositoryFolder.Path, "docs", "pictures")).ShouldBeEmpty("run `make generate`");

    [Fact]
    public void The_picture_is_small_accessible_and_self_contained()
    {
        var text = OverviewPicture.Generate().Files["overview.svg"];
        var picture = XDocument.Parse(text).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";

        Encoding.UTF8.GetByteCount(text).ShouldBeLessThan(12 * 1024);
        picture.Element(svg + "title")!.Value.ShouldNotBeEmpty();
        picture.Element(svg + "desc")!.Value.ShouldNotBeEmpty();
        picture.Descendants(svg + "script").ShouldBeEmpty();
        text.Replace(svg.NamespaceName, "", StringComparison.Ordinal).ShouldNotContain("http");
        text.ShouldNotContain("@import");
    }
}
