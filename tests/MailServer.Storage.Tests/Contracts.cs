namespace MailServer.Storage.Tests;

public sealed class MemoryDeliveryTests : DeliveryContractTests<MemoryBackend>;

public sealed class SqliteDeliveryTests : DeliveryContractTests<SqliteBackend>;

public sealed class MemoryReturnPathTests : ReturnPathContractTests<MemoryBackend>;

public sealed class SqliteReturnPathTests : ReturnPathContractTests<SqliteBackend>;

public sealed class MemoryMovedTests : MovedContractTests<MemoryBackend>;

public sealed class SqliteMovedTests : MovedContractTests<SqliteBackend>;

public sealed class MemoryMaildropTests : MaildropContractTests<MemoryBackend>;

public sealed class SqliteMaildropTests : MaildropContractTests<SqliteBackend>;

public sealed class MemoryAliasTests : AliasContractTests<MemoryBackend>;

public sealed class SqliteAliasTests : AliasContractTests<SqliteBackend>;

public sealed class MemoryAccountTests : AccountContractTests<MemoryBackend>;

public sealed class SqliteAccountTests : AccountContractTests<SqliteBackend>;
