using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using MailServer.Core.Smtp;

namespace MailServer.Core.Tests;

/// <summary>The namespaces of Core know each other in one direction, read from the compiled assembly.</summary>
public sealed class NamespaceTests
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Each may use those before it. The two protocols do not know each other.
    private static readonly string[] Order = ["Wire", "Accounts", "Mail", "Routing", "Sessions", "Smtp", "Pop3"];

    private static readonly Dictionary<short, OpCode> OpCodesByValue =
        typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [Fact]
    public void No_namespace_of_Core_uses_one_that_uses_it()
    {
        var uses = typeof(SmtpSession).Assembly.GetTypes()
            .SelectMany(type => UsedBy(type).Select(used => (From: Top(type), To: Top(used), Example: $"{type.FullName} uses {used.FullName}")))
            .Where(use => use is { From: not null, To: not null } && use.From != use.To)
            .DistinctBy(use => (use.From, use.To))
            .ToList();

        // What is there is what the order says, so that the reading reads.
        Assert.Contains(uses, use => use is { From: "Smtp", To: "Mail" });
        Assert.Contains(uses, use => use is { From: "Mail", To: "Accounts" });
        Assert.All(uses, use => Assert.True(Array.IndexOf(Order, use.From) > Array.IndexOf(Order, use.To) && use is not { From: "Pop3", To: "Smtp" }, use.Example));
        Assert.Equal(Order.Order(StringComparer.Ordinal), uses.SelectMany(use => new[] { use.From!, use.To! }).Distinct().Order(StringComparer.Ordinal));
    }

    // Null for a type that is none of Core's, or that the compiler has made for the whole assembly.
    private static string? Top(Type type) =>
        type.Namespace?.Split('.') is ["MailServer", "Core", var top, ..] ? top : null;

    private static HashSet<Type> UsedBy(Type type)
    {
        var used = new HashSet<Type>();
        Add(type.BaseType);
        foreach (var implemented in type.GetInterfaces())
            Add(implemented);
        foreach (var field in type.GetFields(All))
            Add(field.FieldType);
        foreach (var method in type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        {
            Add((method as MethodInfo)?.ReturnType);
            foreach (var parameter in method.GetParameters())
                Add(parameter.ParameterType);
            foreach (var attribute in method.GetCustomAttributesData().Where(attribute => attribute.AttributeType == typeof(AsyncStateMachineAttribute)))
                Add((Type?)attribute.ConstructorArguments[0].Value);
            if (method.GetMethodBody() is { } body)
                AddBody(method, body);
        }

        return used;

        void Add(Type? other)
        {
            if (other is null)
                return;
            if (other.HasElementType)
                Add(other.GetElementType());
            foreach (var argument in other.IsConstructedGenericType ? other.GetGenericArguments() : [])
                Add(argument);
            if (!other.IsGenericParameter)
                used.Add(other.IsConstructedGenericType ? other.GetGenericTypeDefinition() : other);
        }

        void AddBody(MethodBase method, MethodBody body)
        {
            foreach (var local in body.LocalVariables)
                Add(local.LocalType);
            foreach (var clause in body.ExceptionHandlingClauses.Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Clause))
                Add(clause.CatchType);
            foreach (var member in MembersIn(method, body.GetILAsByteArray()!))
            {
                Add(member as Type ?? member.DeclaringType);
                Add((member as FieldInfo)?.FieldType ?? (member as MethodInfo)?.ReturnType);
                foreach (var argument in member is MethodInfo { IsGenericMethod: true } generic ? generic.GetGenericArguments() : [])
                    Add(argument);
            }
        }
    }

    // The types, methods and fields that a method's instructions name (ECMA-335 III).
    private static IEnumerable<MemberInfo> MembersIn(MethodBase method, byte[] code)
    {
        var typeArguments = method.DeclaringType!.GetGenericArguments();
        var methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length;)
        {
            var opCode = OpCodesByValue[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]];
            at += opCode.Size;
            switch (opCode.OperandType)
            {
                case OperandType.InlineTok or OperandType.InlineType or OperandType.InlineMethod or OperandType.InlineField:
                    yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                    at += 4;
                    break;
                case OperandType.InlineSwitch:
                    at += 4 + (4 * BitConverter.ToInt32(code, at));
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    at += 8;
                    break;
                case OperandType.InlineVar:
                    at += 2;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    at += 1;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }
}
