namespace Wayleave.Sensor;

/// <summary>Threads whose failure ends the program with a message.</summary>
internal static class WorkerThread
{
    /// <param name="onFailure">Called if the thread ends because of an exception.</param>
    public static Thread Start(string name, Action run, Action<Exception> onFailure)
    {
        var thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
        return thread;

        void Run()
        {
            try
            {
                run();
            }
#pragma warning disable CA1031 // An exception on a thread would end the program without a message of its own.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                onFailure(exception);
            }
        }
    }
}
