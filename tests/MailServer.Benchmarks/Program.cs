using System.CommandLine;
using MailServer.Benchmarks.Compare;
using MailServer.Benchmarks.Growth;
using MailServer.Benchmarks.Load;
using MailServer.Benchmarks.Micro;

var root = new RootCommand("Measures mail servers: ours and others.") { LoadCommand.Create(), CompareCommand.Create(), GrowthCommand.Create(), BenchCommand.Create() };
return await root.Parse(args).InvokeAsync();
