"""Every error this package raises.

AxError
├── ConfigurationError            the client cannot be set up as asked
├── InvalidArgumentError          an argument cannot be sent (also a ValueError)
│   ├── NotApplicableError        a field that the task's type does not have
│   └── NotInContractError        something that the server's dialect of the contract does not have
├── ResolutionError               a name or an id does not lead to one resource (also a LookupError)
│   ├── UnknownNameError          nothing bears that name; has the near ones
│   ├── AmbiguousNameError        several things bear that name; has their ids
│   ├── SpaceRequiredError        a name was given without the space (or dataset) it needs
│   └── WrongKindError            an id of something else, such as a dataset's for a project
├── TransportError                no answer arrived
│   ├── ConnectionFailedError     the server was not reached, so it did nothing
│   └── RequestTimeoutError       the answer did not come in time (also a TimeoutError)
│       └── DeadlineExceededError     the time for the whole call was over before it could be sent
├── AmbiguousOutcomeError         a write may or may not have happened; has everything that is known about it
├── ResponseError                 an answer arrived; has `status_code`, `request_id`, `retry_after_seconds`
│   ├── APIError                  the server refused; has the parsed `problem`
│   │   ├── BadRequestError            400
│   │   ├── AuthenticationError        401
│   │   ├── PermissionDeniedError      403
│   │   ├── NotFoundError              404
│   │   ├── ConflictError              409
│   │   ├── UnprocessableEntityError   422
│   │   ├── RateLimitError             429
│   │   └── ServerError                500 and above
│   ├── UndecodableBodyError      a success whose body is not what the contract says
│   ├── ContractViolationError    an answer goes beyond the contract, and the client is strict
│   └── ResponseTooLargeError     a success with more of a body than the limit
├── RepeatedCursorError           paging would go in circles; has the `cursor`
├── TooManyPagesError             a list has more pages than the limit; has the `cursor` to go on with
└── RunError                      about a run; has the `run` as it was last seen, and all `runs` of a wait for several
    ├── RunTimeoutError           it did not end in time (also a TimeoutError)
    ├── RunFailedError            it ended failed, and the caller asked for an error then
    ├── RunCancelledError         it ended cancelled, and the caller asked for an error then
    └── UnknownRunStatusError     it is in a status this version does not know
"""

from __future__ import annotations

from .answers import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ContractViolationError,
    Deviation,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ResponseError,
    ResponseTooLargeError,
    ServerError,
    UndecodableBodyError,
    UnprocessableEntityError,
)
from .exchanges import (
    AmbiguousOutcomeError,
    ConnectionFailedError,
    DeadlineExceededError,
    RequestTimeoutError,
    TransportError,
)
from .inputs import (
    AmbiguousNameError,
    InvalidArgumentError,
    NotApplicableError,
    NotInContractError,
    ResolutionError,
    SpaceRequiredError,
    UnknownNameError,
    WrongKindError,
)
from .lists import (
    RepeatedCursorError,
    TooManyPagesError,
)
from .root import (
    AxError,
    ConfigurationError,
)
from .runs import (
    RunCancelledError,
    RunError,
    RunFailedError,
    RunTimeoutError,
    UnknownRunStatusError,
)

__all__ = [
    "APIError",
    "AmbiguousNameError",
    "AmbiguousOutcomeError",
    "AuthenticationError",
    "AxError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "ContractViolationError",
    "DeadlineExceededError",
    "Deviation",
    "InvalidArgumentError",
    "NotApplicableError",
    "NotFoundError",
    "NotInContractError",
    "PermissionDeniedError",
    "RateLimitError",
    "RepeatedCursorError",
    "RequestTimeoutError",
    "ResolutionError",
    "ResponseError",
    "ResponseTooLargeError",
    "RunCancelledError",
    "RunError",
    "RunFailedError",
    "RunTimeoutError",
    "ServerError",
    "SpaceRequiredError",
    "TooManyPagesError",
    "TransportError",
    "UndecodableBodyError",
    "UnknownNameError",
    "UnknownRunStatusError",
    "UnprocessableEntityError",
    "WrongKindError",
]

# Where they are imported from is what tracebacks should show, and what outlives a move between the modules.
for _name in __all__:
    globals()[_name].__module__ = __name__
