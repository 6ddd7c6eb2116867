"""The one Piccolo app: its tables and its line of migrations."""

from pathlib import Path

from piccolo.conf.apps import AppConfig

from blaljus.store.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="blaljus",
    migrations_folder_path=str(Path(__file__).parent / "migrations"),
    table_classes=TABLES,
    migration_dependencies=[],
    commands=[],
)
