"""Training in machine code: one number of the kernel stands for the same number of 16 settings at once.

`network` says which models it takes, `tracing` turns an update rule into source, `kernel` trains, and `ready`
compiles all of it in the background and keeps the result on disk. Only `lanes`, `functions` and `kernel`
import numba, so that nothing waits for it.
"""
