"""Train boxes of settings.

`train` checks its arguments into a `plan`, asks `engines` who trains (`autograd`, or `compiled` by way of
`blocks` and `rates`), tells the callbacks, and leaves a `History`.
"""
