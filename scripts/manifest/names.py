"""The logical ids that osls gives what it makes; the SAM template uses the same, so that resources.yml fits both."""


def logical_name(function: str) -> str:
    """`create_alarm` -> `CreateUnderscorealarm`."""
    return (function[0].upper() + function[1:]).replace("-", "Dash").replace("_", "Underscore")


def function_id(function: str) -> str:
    """Of the Lambda function."""
    return f"{logical_name(function)}LambdaFunction"


def log_group_id(function: str) -> str:
    """Of its log group."""
    return f"{logical_name(function)}LogGroup"


def role_id(function: str) -> str:
    """Of its role."""
    return f"{logical_name(function)}Role"


def schedule_id(function: str) -> str:
    """Of what starts a job."""
    return f"{logical_name(function)}Schedule"


def schedule_role_id(function: str) -> str:
    """Of the role with which EventBridge Scheduler does so."""
    return f"{logical_name(function)}ScheduleRole"


def socket_permission_id(function: str) -> str:
    """Of what lets the WebSocket API call it."""
    return f"{logical_name(function)}LambdaPermissionWebsockets"


def layer_id(layer: str) -> str:
    """Of a layer."""
    return f"{layer[0].upper()}{layer[1:]}LambdaLayer"
