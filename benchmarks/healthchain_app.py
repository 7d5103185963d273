"""HealthChain with a handler that does nothing, on its own server.

Runs in an environment of its own: `python healthchain_app.py 8001`.
"""

import sys

import uvicorn
from healthchain.gateway import CDSHooksService, HealthChainAPI
from healthchain.models import CDSRequest, CDSResponse

service = CDSHooksService()


@service.hook("patient-view", id="rrmm-regimen")
def nothing(_request: CDSRequest) -> CDSResponse:
    """No cards."""
    return CDSResponse(cards=[])


app = HealthChainAPI()
app.register_service(service, path="/cds")

if __name__ == "__main__":
    uvicorn.run("healthchain_app:app", host="127.0.0.1", port=int(sys.argv[1]), workers=2, log_level="error", access_log=False)
