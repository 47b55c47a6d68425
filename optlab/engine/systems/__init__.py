"""The machine: timing, threads, worker processes, compression and number formats."""
