namespace MailServer.Requirements;

/// <summary>Everything that tests need beyond the SDK. A test names rows of this table in its <see cref="NeedsFactAttribute"/>.</summary>
public static class RequirementTable
{
    public static IReadOnlyList<Requirement> Rows { get; } =
    [
        // Programs that send or fetch mail.
        new("curl", Install("curl", "with SMTP, POP3 and TLS"), "curl", "--version") { Says = [" smtp smtps", " pop3 pop3s", " SSL "] },
        new("fetchmail", Install("fetchmail", "with TLS"), "fetchmail", "--version") { Says = ["fetchmail release 6.", "+SSL"] },
        new("getmail", Install("getmail6"), "getmail", "--version") { Says = ["getmail 6."] },
        new("getmail with TLS", Install("getmail6", "whose Python has the module ssl"),
            "sh", "-c", "python=$(sed -n '1s/^#! *//p' \"$(command -v getmail)\") && $python -c 'import ssl'") { Needs = ["getmail"] },
        new("mpop", Install("mpop"), "mpop", "--version") { Says = ["mpop version 1."] },
        new("msmtp", Install("msmtp", "with TLS"),
            "sh", "-c", "msmtp --version | grep -iE '^TLS/SSL library: (gnutls|openssl|libtls)'") { Says = ["TLS"] },
        new("neomutt", Install("neomutt", "with SMTP, POP3 and TLS"),
            "sh", "-c", "neomutt -v | grep -E '[+](gnutls|openssl)' && neomutt -v") { Says = ["NeoMutt", "+pop ", "+smtp "] },
        new("postfix", Install("postfix", "3.6 or newer, and root, because Postfix changes between users"),
            "sh", "-c", "test $(id -u) = 0 && id postfix && test -x /usr/lib/postfix/sbin/master && command -v sendmail && postfix -c / -h 2>&1 | grep -i option && postconf -d mail_version | grep -E '= (3[.]([6-9]|[1-9][0-9])|[4-9])'"),
        new("swaks", Install("swaks libnet-ssleay-perl", "with TLS"), "swaks", "--support") { Says = ["=== Basic AUTH supported", "=== TLS supported"] },

        // Persons at a terminal.
        new("expect", Install("expect"), "expect", "-c", "puts [package require Expect]") { Says = ["5."] },
        new("nc", Install("netcat-openbsd", "OpenBSD's"), "nc", "-h") { Says = ["OpenBSD netcat"] },
        new("telnet", Install("telnet expect", "of GNU inetutils"), "telnet", "--version") { Says = ["GNU inetutils"], Needs = ["expect"] },
        new("openssl", Install("openssl", "no LibreSSL"), "openssl", "version") { Says = ["OpenSSL "] },
        new("openssl with TLS 1.1", Install("openssl", "that can speak TLS 1.1"), "openssl", "ciphers", "-s", "-tls1_1", "ALL:@SECLEVEL=0") { Needs = ["openssl"] },

        // Libraries of languages.
        new("go", Install("golang-go"), "go", "version") { Says = ["go version go1."] },
        new("nodemailer", "install node and the npm package nodemailer, as .ci/run does", "node", "-e", "require('nodemailer').createTransport"),
        new("perl", Install("perl libauthen-sasl-perl", "with Net::SMTP 3 and Net::POP3 3"),
            "perl", "-MAuthen::SASL", "-MNet::SMTP", "-MNet::POP3", "-e", "Net::SMTP->VERSION(3); Net::POP3->VERSION(3)"),
        new("perl with TLS", Install("libio-socket-ssl-perl"), "perl", "-MIO::Socket::SSL", "-e", "1") { Needs = ["perl"] },
        new("python3", Install("python3"), "python3", "-c", "import poplib, smtplib, sys; assert sys.version_info >= (3, 6)"),
        new("python3 with TLS", Install("python3", "with the module ssl"), "python3", "-c", "import ssl; ssl.create_default_context()") { Needs = ["python3"] },
        new("ruby", Install("ruby", "with Net::SMTP"), "ruby", "-e", "require 'net/smtp'"),

        // What looks at the server from outside, or takes its disk away.
        new("mount", "run as root where a tmpfs can be mounted",
            "sh", "-c", "folder=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs \"$folder\" && umount --lazy \"$folder\"; status=$?; rmdir \"$folder\"; exit $status"),
        new("prlimit", Install("util-linux"), "prlimit", "--version") { Says = ["util-linux"] },
        new("strace", Install("strace", "and the right to trace a process that is no child"),
            "sh", "-c", "sleep 600 & sleeper=$!; { strace -o /dev/null -p $sleeper 2>&1; echo ended; } | { read -r line; kill $sleeper; echo \"$line\"; }") { Says = ["attached"] },
    ];

    private static string Install(string packages, string feature = "") =>
        $"on Debian, apt-get install {packages}{(feature.Length > 0 ? $" ({feature})" : "")}";
}
