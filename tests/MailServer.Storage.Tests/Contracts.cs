namespace MailServer.Storage.Tests;

public sealed class InMemoryDeliveryTests : DeliveryContractTests<InMemoryBackend>;

public sealed class SqliteDeliveryTests : DeliveryContractTests<SqliteBackend>;

public sealed class InMemoryMovedTests : MovedContractTests<InMemoryBackend>;

public sealed class SqliteMovedTests : MovedContractTests<SqliteBackend>;

public sealed class InMemoryMaildropTests : MaildropContractTests<InMemoryBackend>;

public sealed class SqliteMaildropTests : MaildropContractTests<SqliteBackend>;

public sealed class InMemoryAccountTests : AccountContractTests<InMemoryBackend>;

public sealed class SqliteAccountTests : AccountContractTests<SqliteBackend>;
