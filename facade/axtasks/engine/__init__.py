"""Carries out the flow of a call: attempts, retries, decoding and instrumentation.

Imported by `pagination` and everything above it; imports `transport`, `config`, `contract` and what is below them.

The path of `client.tasks.trigger_run(...)`, from top to bottom and back:

1. `resources.bind`: the method hands its flow to `SyncDriver.call` or `AsyncDriver.call`.
2. `drivers.execute`: the call gets a `ClientContext` with a `Call` of its own: deadline, cached ids that it used.
3. `resources.trigger_run`: the flow checks its arguments, resolves names (`resolution.resolver`), which may be cached
   (`caches`), selects the body (`inputs.task_bodies`), and yields from `attempts.write`.
4. `attempts.RequestExecution.run`: encodes the request (`contract.dialect.RequestEncoder`), and yields an `Attempt`.
5. `drivers.SyncDriver.perform`, or its awaiting twin, is the only place that performs effects: it sends the request
   (`transport.base`), decodes the response (`decode`), and the driver resumes the flow with the model or the error.
6. `attempts` again: an error is classified (`retry`) and followed by a backoff, the next attempt, or a probe of a lost
   write (`reconcile`); then `trigger_run` returns the run, and with it the call.
"""
