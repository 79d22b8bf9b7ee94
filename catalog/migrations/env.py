"""What Alembic runs: the migrations, inside the transaction that ``catalog.migrate`` opened."""

from alembic import context

from catalog.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
context.run_migrations()
