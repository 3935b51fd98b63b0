"""GET /api/v1/me/export: everything the signed-in user owns, as one JSON file."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.accounts.export import Export, ExportView
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Reply


@endpoint("GET", "/api/v1/me/export", timeout_seconds=29, memory_mb=1024)
def export_account(user: CurrentUser, *, export: Export) -> Reply[ExportView]:
    """Download everything you own here as one JSON file."""
    file = export.of(user.id)
    name = f"smartalarm-{file.exported_at:%Y-%m-%d}.json"
    return Reply(file, headers={"content-disposition": f'attachment; filename="{name}"'})


aws, gcp, oci = entrypoints(export_account)
