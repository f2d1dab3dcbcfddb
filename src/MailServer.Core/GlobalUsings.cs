// The machine of Sessions/ with the states and replies of each protocol.
global using Pop3Input = MailServer.Core.Sessions.SessionInput<MailServer.Core.Pop3.Pop3State, MailServer.Core.Pop3.Pop3Reply>;
global using Pop3Outcome = MailServer.Core.Sessions.Outcome<MailServer.Core.Pop3.Pop3State, MailServer.Core.Pop3.Pop3Reply>;
global using Pop3Responses = MailServer.Core.Sessions.ResponseInput<MailServer.Core.Pop3.Pop3State, MailServer.Core.Pop3.Pop3Reply>;
global using SmtpInput = MailServer.Core.Sessions.SessionInput<MailServer.Core.Smtp.SmtpState, MailServer.Core.Smtp.SmtpReply>;
global using SmtpOutcome = MailServer.Core.Sessions.Outcome<MailServer.Core.Smtp.SmtpState, MailServer.Core.Smtp.SmtpReply>;
global using SmtpResponses = MailServer.Core.Sessions.ResponseInput<MailServer.Core.Smtp.SmtpState, MailServer.Core.Smtp.SmtpReply>;
