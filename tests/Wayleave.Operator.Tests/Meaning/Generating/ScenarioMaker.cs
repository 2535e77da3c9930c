using Wayleave.Enforcement;
using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Generating;

/// <summary>Makes a scenario. The same seed makes the same scenario.</summary>
internal sealed class ScenarioMaker
{
    private static readonly EnforcementMode[] _modes = [EnforcementMode.Enforce, EnforcementMode.Enforce, EnforcementMode.Enforce, EnforcementMode.Shadow, EnforcementMode.Shadow, EnforcementMode.Disabled];

    private readonly Dice _dice;
    private readonly EditMaker _edits;
    private readonly int _minor;

    private ScenarioMaker(int seed)
    {
        _dice = new Dice(seed);
        _minor = _dice.Chance(12) ? 20 : 36;
        _edits = new EditMaker(_dice);
    }

    public static Scenario Make(int seed)
    {
        var maker = new ScenarioMaker(seed);
        return new Scenario(maker.Defaults(), [.. maker._edits.Beginning().Select(edit => new EditStep(edit))], maker._dice.Many(4, 12, maker.Step));
    }

    private Step Step() => _dice.Number(1, 100) switch
    {
        <= 8 => new EditStep(_edits.Mistake()),
        <= 62 => new EditStep(_edits.Any()),
        <= 74 => new EditStep(new TamperEdit(_dice.Number(0, 99), _dice.Pick(Enum.GetValues<Tampering>()))),
        <= 88 => new BurstStep(Several(2, 6)),
        <= 95 => new RestartStep(Several(0, 4), _dice.Chance(30) ? Defaults() : null),
        _ => new LostWatchesStep(Several(0, 4), _dice.Chance(50)),
    };

    // Sometimes an API server that does not store port ranges.
    private Defaults Defaults() => new(_dice.Pick(_modes), _dice.Chance(25)) { External = _dice.Chance(85), Minor = _minor };

    // An object that is created and deleted without a pause may or may not be seen. Other tests cover that.
    private EditList Several(int least, int most)
    {
        var edits = new List<Edit>();
        foreach (var edit in _dice.Many(least, most, EditOrDrift).Where(edit => !edit.IsDelete || !edits.Exists(other => other.Subject == edit.Subject)))
        {
            edits.Add(edit);
        }

        return new EditList(edits);
    }

    // Not the drift that removes our marks from a policy: if its declaration is deleted too, the operator cannot know its own policy.
    private Edit EditOrDrift() => _dice.Chance(85)
        ? _edits.Any()
        : new TamperEdit(_dice.Number(0, 99), _dice.Pick([Tampering.Delete, Tampering.AllowAnyone, Tampering.AllowNoOne, Tampering.NarrowPods, Tampering.TakeOver]));
}
