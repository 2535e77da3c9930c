Console.WriteLine("wayleave");
