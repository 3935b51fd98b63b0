"""Alembic runs this to run the versions, on the connection and in the transaction that `migrate` gives it."""

from alembic import context

from smartalarm.adapters.sql.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # SQLite's DDL is transactional; Alembic takes the driver's old defaults for the rule
    render_as_batch=True,  # SQLite alters a table by making it anew
)
context.run_migrations()
