namespace Wayleave.Sensor.Tests.Support;

/// <summary>Changes bytes at random: a few of them, the length, or all.</summary>
internal static class Mutation
{
    private static readonly byte[] _interesting = [0, 1, 2, 0x0c, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xff];

    public static byte[] Mutate(Random random, byte[] seed)
    {
        var bytes = seed.ToArray();
        switch (random.Next(8))
        {
            case 0:
                bytes = new byte[random.Next(600)];
                random.NextBytes(bytes);
                return bytes;
            case 1:
                bytes = bytes[..random.Next(bytes.Length + 1)];
                break;
            case 2:
                bytes = [.. bytes, .. bytes[random.Next(bytes.Length)..]];
                break;
        }

        for (var change = random.Next(6); change > 0 && bytes.Length > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = random.Next(2) == 0 ? _interesting[random.Next(_interesting.Length)] : (byte)random.Next(256);
        }

        return bytes;
    }
}
