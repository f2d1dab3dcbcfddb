namespace MailServer.Core.Pop3;

/// <summary>Where a POP3 session stands (RFC 1939 3). UPDATE is what QUIT does, not a place where commands are read.</summary>
[Flags]
public enum Pop3State
{
    /// <summary>The client has not said who it is.</summary>
    Authorization = 1,

    /// <summary>The client holds its maildrop.</summary>
    Transaction = 2,

    /// <summary>The session is over.</summary>
    Closed = 4,

    /// <summary>Every state in which commands are read.</summary>
    Any = Authorization | Transaction,
}
