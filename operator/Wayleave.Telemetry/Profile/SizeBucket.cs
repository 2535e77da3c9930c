namespace Wayleave.Telemetry.Profile;

/// <summary>A count, coarse enough that it does not single out a cluster.</summary>
public enum SizeBucket
{
    /// <summary>None.</summary>
    Zero,

    /// <summary>1 to 9.</summary>
    Units,

    /// <summary>10 to 99.</summary>
    Tens,

    /// <summary>100 to 999.</summary>
    Hundreds,

    /// <summary>1,000 and more.</summary>
    Thousands,
}
