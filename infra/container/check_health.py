"""Exit code 0 when the server in this container answers that it is ready, else 1: the image's HEALTHCHECK."""

import os
import sys
import urllib.request
from http import HTTPStatus

url = f"http://127.0.0.1:{os.environ.get('PORT', '8080')}/api/v1/health/ready"
try:
    with urllib.request.urlopen(url, timeout=3) as answer:
        sys.exit(0 if answer.status == HTTPStatus.OK else 1)
except OSError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(1)
