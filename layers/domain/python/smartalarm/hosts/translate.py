"""What the clouds' hosts share: from a neutral request to a finished answer, out of which no exception ever comes."""

import logging
from collections.abc import Callable
from dataclasses import replace

from smartalarm.errors import MethodNotAllowed, NotFound, SmartAlarmError
from smartalarm.function import Declaration, EndpointFunction, PagesFunction, ScheduleFunction
from smartalarm.headers import REQUEST_ID, finish, preflight
from smartalarm.hosts.ticks import check_tick
from smartalarm.http import Request, Response, problem
from smartalarm.injection import Injector
from smartalarm.ports import Clock, SchedulerTokens, Signer, Telemetry
from smartalarm.routing import Router
from smartalarm.settings import Settings
from smartalarm.wiring import SettingsError, default_injector

EVERYWHERE = "*"
_BROKEN = "Something went wrong on our side. It is logged; please try again."


def serve(declaration: Declaration, request_id: str, read: Callable[[Settings], Request]) -> Response:
    """Answer one HTTP call on a host that runs this one function.

    `read` builds the request from the runtime's own; `request_id` is the host's id of this call, which log lines and the
    answer carry. Every failure is an answer too: a wrong setting, a broken event, a bug; logged, never echoed.
    """
    try:
        injector = default_injector()
        settings = injector.get(Settings)
        request = read(settings)
        request = replace(request, headers={**request.headers, REQUEST_ID: request_id})
        return finish(_answer(declaration, request, injector), request, settings)
    except SmartAlarmError as error:  # `read` refuses the call
        return finish(problem(error), Request("", "", headers={REQUEST_ID: request_id}), Settings())
    except Exception as error:  # noqa: BLE001  the one catch-all of this entry point
        log_failure("host_failed", error, function=declaration.name, request_id=request_id)
        return finish(problem(SmartAlarmError(_BROKEN)), Request("", "", headers={REQUEST_ID: request_id}), Settings())


def log_failure(event: str, error: BaseException, **fields: str) -> None:
    """One error line through Telemetry, or through plain logging when not even that could be built."""
    try:
        telemetry = default_injector().get(Telemetry)
    except SettingsError as wrong:
        # One line that names the setting; where in our code it was read helps nobody.
        logging.getLogger("smartalarm").error("%s %s %s", event, fields, wrong)  # noqa: TRY400  no stack: see above
    except Exception:  # wiring itself is broken; what broke is in `error`
        logging.getLogger("smartalarm").exception("%s %s", event, fields, exc_info=error)
    else:
        telemetry.problem(event, error, **fields)


def _answer(declaration: Declaration, request: Request, injector: Injector) -> Response:
    try:
        if isinstance(declaration, EndpointFunction):
            return _answer_endpoint(declaration, request, injector)
        if isinstance(declaration, ScheduleFunction):
            return _answer_tick(declaration, request, injector)
        if isinstance(declaration, PagesFunction):
            return _answer_page(declaration, request, injector)
        raise NotFound("There is nothing at this address.")
    except SmartAlarmError as error:
        return problem(error)


def _answer_endpoint(declaration: EndpointFunction, request: Request, injector: Injector) -> Response:
    endpoint = declaration.endpoint
    if endpoint.path == EVERYWHERE:  # whatever is asked in which words, there is nothing there
        return endpoint.answer(replace(request, query="", body=b""), injector, {})
    router = Router([(endpoint.method, endpoint.path, endpoint)])
    if request.method == "OPTIONS" and (methods := router.methods(request.path)):
        return preflight(request, injector.get(Settings), methods)
    _, values = router.find(request.method, request.path)
    return endpoint.answer(request, injector, values)


def _answer_page(declaration: PagesFunction, request: Request, injector: Injector) -> Response:
    router = Router([("GET", path, path) for path in declaration.paths])
    if request.method == "OPTIONS" and (methods := router.methods(request.path)):
        return preflight(request, injector.get(Settings), methods)
    path, _ = router.find(request.method, request.path)
    response: Response = declaration.call(path, **injector.arguments(declaration.call))
    return response


def _answer_tick(declaration: ScheduleFunction, request: Request, injector: Injector) -> Response:
    if request.method != "POST":
        raise MethodNotAllowed("Use POST.", headers={"allow": "POST"})
    scheduler = injector.get(SchedulerTokens) if injector.get(Settings).tick_email else None
    telemetry = injector.get(Telemetry)
    try:
        check_tick(declaration.name, request, injector.get(Signer), now=injector.get(Clock).now(), scheduler=scheduler)
    except SmartAlarmError as error:
        telemetry.problem("tick_refused", None, job=declaration.name, detail=error.detail)
        raise
    try:
        declaration.call(**injector.arguments(declaration.call))
    except SmartAlarmError as error:
        telemetry.problem("job_failed", error, job=declaration.name)
        raise
    return Response(204)
