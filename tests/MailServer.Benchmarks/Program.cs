using System.CommandLine;
using MailServer.Benchmarks.Load;

var root = new RootCommand("Measures mail servers: ours and others.") { LoadCommand.Create() };
return await root.Parse(args).InvokeAsync();
