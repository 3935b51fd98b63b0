"""Bring the SQL database to this version's schema: `python -m smartalarm.hosts.migrate`, before a roll-out.

Schema changes come in two steps (expand, then contract when no old process is left), so the version that runs goes on
working. Functions never do this at their start; the local host does, under a lock.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from smartalarm.errors import Unavailable
from smartalarm.wiring import SettingsError, open_database, settings_from


def main(environ: Mapping[str, str] = os.environ) -> int:
    """0 when the schema is (now) this version's, or a later one's; 1 after one line that says why not."""
    try:
        settings, _ = settings_from(environ)
        if settings.database_provider == "dynamodb":
            print("DynamoDB has no schema to migrate.")  # noqa: T201  a command's answer
            return 0
        url = settings.connection_string.get_secret_value()
        if not url and settings.database_provider == "sqlite":
            data = Path(settings.data_dir).resolve()
            if not data.is_dir():
                return _refuse(f"CONNECTION_STRING: is not set, and DATA_DIR={settings.data_dir} is not there.")
            url = f"sqlite:///{data / 'smartalarm.db'}"
        return _migrate(url)
    except SettingsError as error:
        return _refuse(str(error))
    except Unavailable as error:
        return _refuse(f"CONNECTION_STRING: {error.detail}.")


def _migrate(url: str) -> int:
    engine = open_database(url)
    from smartalarm.adapters.sql.migrations import migrate  # noqa: PLC0415  nothing of it is needed to refuse

    try:
        migrate(engine)
    finally:
        engine.close()
    print("The database has this version's schema.")  # noqa: T201  a command's answer
    return 0


def _refuse(line: str) -> int:
    print(f"smartalarm: {line}", file=sys.stderr)  # noqa: T201  where a command says what is wrong
    return 1


if __name__ == "__main__":
    sys.exit(main())
