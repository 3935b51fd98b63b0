"""POST /api/v1/sync/ticket: a ticket that opens one socket, once, within 30 seconds."""

from smartalarm.accounts.access import CurrentUser
from smartalarm.function import endpoint, entrypoints
from smartalarm.http import Request
from smartalarm.settings import Settings
from smartalarm.sync.tickets import Ticket, TicketRequest, Tickets, socket_url


# Google and Oracle have no socket gateway: there clients pull and get pushes, and no ticket is sold for what nobody serves.
@endpoint("POST", "/api/v1/sync/ticket", hosts=("aws", "local"))
def issue_ticket(
    request: Request, user: CurrentUser, body: TicketRequest = TicketRequest(), *, tickets: Tickets, settings: Settings
) -> Ticket:
    """Get a socket ticket."""
    return tickets.issue(user.id, body.device_id, socket_url(request, settings))


aws, gcp, oci = entrypoints(issue_ticket)
