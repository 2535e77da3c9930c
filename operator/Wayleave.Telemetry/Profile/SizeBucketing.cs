namespace Wayleave.Telemetry.Profile;

/// <summary>Makes a <see cref="SizeBucket"/> of a count.</summary>
public static class SizeBucketing
{
    public static SizeBucket Of(long count) => count switch
    {
        <= 0 => SizeBucket.Zero,
        < 10 => SizeBucket.Units,
        < 100 => SizeBucket.Tens,
        < 1000 => SizeBucket.Hundreds,
        _ => SizeBucket.Thousands,
    };
}
