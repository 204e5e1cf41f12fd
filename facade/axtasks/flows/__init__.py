"""The operations as flows: generators that hold the logic of a call and do no I/O."""
