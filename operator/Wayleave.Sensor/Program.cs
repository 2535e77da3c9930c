using Wayleave.Sensor;
using Wayleave.Sensor.Configuration;

return await SensorCommand.InvokeAsync(
    args, Environment.GetEnvironmentVariable, Console.Error, SensorHost.RunAsync, CancellationToken.None);
