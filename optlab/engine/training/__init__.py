"""Train boxes of settings: the plan, the loop, callbacks and the history that is left."""
