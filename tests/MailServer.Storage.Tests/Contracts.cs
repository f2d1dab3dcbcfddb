namespace MailServer.Storage.Tests;

public sealed class InMemoryDeliveryTests : DeliveryContract<InMemoryBackend>;

public sealed class SqliteDeliveryTests : DeliveryContract<SqliteBackend>;

public sealed class InMemoryMovedTests : MovedContract<InMemoryBackend>;

public sealed class SqliteMovedTests : MovedContract<SqliteBackend>;

public sealed class InMemoryMaildropTests : MaildropContract<InMemoryBackend>;

public sealed class SqliteMaildropTests : MaildropContract<SqliteBackend>;

public sealed class InMemoryAccountTests : AccountContract<InMemoryBackend>;

public sealed class SqliteAccountTests : AccountContract<SqliteBackend>;
